public import Base
public import Lab

/// What a run's record holds of one step that was out of order: why it was.
public struct SpikeFinding: Equatable, Sendable {
  /// What the event of the step says.
  public let event: RunEvent
  /// Whether what began there was a spike, as the curve showed later.
  public let wasSpike: Bool
  /// The newest checkpoint before it, that stands.
  public let checkpoint: Int?
  /// Events that followed because of it.
  public let actions: [RunEvent]

  /// The layers in the order of the model, with their gradient's norm.
  public var layers: [(name: String, norm: Double)] {
    (event.data["layers"]?.object ?? JSONObject()).map { name, norm in
      (name: name, norm: norm.double ?? .nan)
    }
  }

  /// The largest activation that leaves each layer, where the record has it.
  public var activations: [(name: String, largest: Double)] {
    (event.data["activations"]?.object ?? JSONObject()).map { name, largest in
      (name: name, largest: largest.double ?? .nan)
    }
  }

  /// Documents of each subset in its batch.
  public var subsets: [(name: String, documents: Int)] {
    (event.data["subsets"]?.object ?? JSONObject()).compactMap { name, count in
      count.int.map { (name: name, documents: $0) }
    }
  }

  /// The documents of its batch.
  public var documents: [String] { event.data["batch"]?.array?.compactMap(\.string) ?? [] }

  /// In words whose fault it is: the re-run's answer.
  public var cause: String {
    switch event.data["rerun"]?.string {
    case "same": "the step gave the same bits again: the data or the weights, not the hardware"
    case "different": "the step gave other bits the second time: the hardware"
    default: "the step was not computed again"
    }
  }

  /// What the record of a run tells, oldest first; of superseded steps too.
  public static func all(_ reader: RunReader, checkpoints: [Int]) -> [SpikeFinding] {
    let events = reader.events
    let found = events.indices.filter {
      events[$0].data["rerun"] != nil && events[$0].data["layers"] != nil
    }
    return found.enumerated().map { place, index in
      let event = events[index]
      let end = place + 1 < found.count ? found[place + 1] : events.count
      let later = events[(index + 1)..<end]
      return SpikeFinding(
        event: event, wasSpike: later.contains { $0.kind == .spike && $0.step == event.step },
        checkpoint: checkpoints.filter { $0 < event.step }.max(),
        actions: later.filter {
          // A learning rate set by hand comes with its request.
          [.skip, .rollback].contains($0.kind) || $0.kind == .lr && $0.data == .null
        })
    }
  }

  /// All of it in lines: what happened, then each part under its name.
  public var lines: [String] {
    var lines = ["step \(event.step)\(wasSpike ? ", a spike" : ""): \(event.text)"]
    func add(_ name: String, _ text: String) { lines.append(Format.padRight(name, 12) + text) }
    add("cause", cause)
    if let rate = event.data["learning_rate"]?.double { add("lr", Format.significant(rate, 4)) }
    if let share = event.data["below_epsilon"]?.double {
      add("Adam", "\(Format.significant(100 * share, 3))% of √v below ε")
    }
    // The gradient passes from the last layer to the first: one that is not finite shows where it began.
    let strays = layers.filter { !$0.norm.isFinite }.map(\.name)
    if let first = strays.last { add("first", "\(first) gave what is no number") }
    let largest = layers.filter { $0.norm.isFinite }.sorted { $0.norm > $1.norm }
    if !largest.isEmpty {
      let shown = largest.prefix(4).map { "\($0.name) \(Format.significant($0.norm, 3))" }
      add("gradients", shown.joined(separator: ", "))
    }
    if let logit = event.data["largest_logit"]?.double {
      let shown = activations.sorted { $0.largest > $1.largest }.prefix(3).map {
        "\($0.name) \(Format.significant($0.largest, 3))"
      }
      add(
        "activations",
        "up to " + shown.joined(separator: ", ") + "; logits up to \(Format.significant(logit, 3))")
    }
    if !subsets.isEmpty {
      add("subsets", subsets.map { "\($0.name) \($0.documents)" }.joined(separator: ", "))
    }
    if !documents.isEmpty { add("documents", documents.joined(separator: ", ")) }
    if let checkpoint { add("checkpoint", "step \(checkpoint) is the newest before it") }
    for action in actions { add("then", "\(action.kind.rawValue) \(action.step): \(action.text)") }
    return lines
  }

  public var json: JSON {
    [
      "step": JSON(event.step), "kind": JSON(event.kind.rawValue), "text": JSON(event.text),
      "spike": JSON(wasSpike), "superseded": JSON(event.isSuperseded),
      "checkpoint": checkpoint.map { JSON($0) } ?? .null, "finding": event.data,
      "actions": .array(
        actions.map {
          ["step": JSON($0.step), "kind": JSON($0.kind.rawValue), "text": JSON($0.text)]
        }),
    ]
  }

  public static func == (a: SpikeFinding, b: SpikeFinding) -> Bool { a.json == b.json }
}
