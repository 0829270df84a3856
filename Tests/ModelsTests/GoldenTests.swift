import Base
import Models
import Tensors
import Testing

/// Against transformers; `Goldens/make.py` says how the numbers were made.
@Suite("A Llama and transformers") struct GoldenTests {
  static func cases() throws -> [JSON] {
    let path = Path(#filePath).parent / "Goldens/llama.json"
    return try #require(try JSON.parse(try Files.read(path))["cases"]?.array)
  }

  /// The weights of `make.py`.
  static func numbers(_ place: Int, _ count: Int, scale: Double, centre: Double) -> [Float] {
    (0..<count).map { index in
      var x = UInt32(truncatingIfNeeded: index + place * 1_000_003 + 1)
      for _ in 0..<2 {
        x ^= x >> 16
        x = x &* 0x45D9F3B
      }
      x ^= x >> 16
      return Float((Double(x) / 0x1p32 - 0.5) * scale + centre)
    }
  }

  static func load(_ golden: JSON, on device: any Device) throws -> (Llama, ParameterStore) {
    var config = try #require(golden["config"]?.object)
    for (key, value) in golden["read_as"]?.object ?? JSONObject() { config[key] = value }
    let model = Llama(try LlamaConfig(json: .object(config)))
    let specs = model.parameters.sorted { $0.name < $1.name }
    let store = try model.load(on: device) { take in
      for (place, spec) in specs.enumerated() {
        let centre = spec.shape.count == 1 ? 1.0 : 0
        try take(spec.name, spec.shape, numbers(place, spec.count, scale: 0.4, centre: centre))
      }
    }
    return (model, store)
  }

  static let devices: [any Device] =
    [ReferenceDevice()]
    + CPULevel.allCases.filter { $0 <= .supported }.compactMap {
      try? CPUDevice(pool: ThreadPool(threads: 2), level: $0)
    }

  @Test("logits, loss and gradient norm agree", arguments: 0..<13)
  func agreement(_ index: Int) throws {
    let golden = try Self.cases()[index]
    let ids = try #require(golden["ids"]?.array).map { Int32($0.int!) }
    let expected = try #require(golden["logits"]?.array).map { $0.array!.map { Float($0.double!) } }
    for device in Self.devices {
      let (model, store) = try Self.load(golden, on: device)
      // The prompt at once, then token by token from its middle on in another slot.
      let generation = try GenerationProgram(model, store, slots: 2, stretch: 20)
      let whole = try generation.feed([.init(.prompt, slot: 1, position: 0, ids: ids)])
      #expect(difference(whole[0], expected.last!) < 1e-4, "\(device.name)")
      _ = try generation.feed([.init(.prompt, slot: 0, position: 0, ids: Array(ids[..<5]))])
      for place in 5..<ids.count {
        let logits = try generation.feed([.init(.step, slot: 0, position: place, ids: [ids[place]])]
        )
        #expect(difference(logits[0], expected[place]) < 1e-4, "\(device.name), token \(place)")
      }

      let training = try TrainingProgram(model, store, capacity: 16)
      let adam = try Optimizer(.adamw, store, loss: training.loss)
      var batch = Batch()
      batch.append(sequence: ids)
      try training.run(batch, weight: 1 / Double(batch.countedTargets))
      let outcome = try adam.update(StepControl(learningRate: 0))
      #expect(abs(outcome.loss - golden["loss"]!.double!) < 2e-6, "\(device.name)")
      let norm = golden["gradient_norm"]!.double!
      #expect(abs(outcome.gradientNorm - norm) < 1e-5 * norm, "\(device.name)")
    }
  }

  @Test("twenty steps of training follow torch", arguments: 0..<13)
  func training(_ index: Int) throws {
    let golden = try Self.cases()[index]
    let ids = try #require(golden["ids"]?.array).map { Int32($0.int!) }
    let expected = try #require(golden["training"]?.array).map { $0.double! }
    #expect(expected.count == 20 && expected[19] < expected[0] - 1)
    let terms = LossTerms(
      z: try #require(golden["z_loss"]?.double),
      smoothing: try #require(golden["label_smoothing"]?.double))
    for device in Self.devices {
      let (model, store) = try Self.load(golden, on: device)
      let training = try TrainingProgram(
        model, store, capacity: 16, recompute: index % 2 == 0 ? .none : .full, loss: terms)
      let adam = try Optimizer(.adamw, store, loss: training.loss)
      var batch = Batch()
      batch.append(sequence: ids)
      for (step, loss) in expected.enumerated() {
        try training.run(batch, weight: 1 / Double(batch.countedTargets))
        let outcome = try adam.update(StepControl(learningRate: 0.01))
        #expect(abs(outcome.loss - loss) < 2e-4, "\(device.name), step \(step)")
      }
    }
  }

  private func difference(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }
}
