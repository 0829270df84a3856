import Base

/// What an experiment is about.
public enum ExperimentKind: String, Sendable, CaseIterable {
  case corpus, tokenizer, convert, pretrain, sft, dpo, eval, study
}

/// A remark on an experiment.
public struct ExperimentNote: Equatable, Sendable {
  /// When, as ISO 8601 in UTC.
  public let time: String
  public let author: String
  public let text: String
}

/// One numbered experiment, as its `experiment.yaml` tells it.
public struct Experiment: Equatable, Sendable {
  public let number: Int
  public let slug: String
  public var title: String
  public var purpose: String
  public var kind: ExperimentKind
  public var owner: String
  public var links: [String]
  /// When it was registered, as ISO 8601 in UTC.
  public var created: String
  /// The state as declared; for what has a run, ``Experiments/state(of:)`` tells what is.
  public var state: RunState
  public var notes: [ExperimentNote]
  public var provenance: Provenance
  public let folder: ExperimentFolder
}

extension Experiment {
  /// The content of `experiment.yaml`.
  var json: JSON {
    .object([
      ("number", JSON(number)), ("slug", JSON(slug)), ("title", JSON(title)),
      ("purpose", JSON(purpose)), ("kind", JSON(kind.rawValue)), ("owner", JSON(owner)),
      ("created", JSON(created)), ("links", .array(links.map { JSON($0) })),
      ("state", JSON(state.rawValue)),
      (
        "notes",
        .array(
          notes.map { note in
            .object([
              ("time", JSON(note.time)), ("author", JSON(note.author)), ("text", JSON(note.text)),
            ])
          })
      ),
      ("provenance", provenance.json),
    ])
  }

  /// Reads the content of `experiment.yaml`; what is missing besides the number and kind is left empty.
  ///
  /// - Throws: ``Failure`` naming file and field.
  init(_ json: JSON, in folder: ExperimentFolder) throws {
    let file = folder.settings
    guard let number = json["number"]?.int, number == folder.number else {
      throw Failure(
        "\(file), number: it is not \(folder.number.map(String.init) ?? "the folder's")",
        remedy: "Give it the number of its folder.")
    }
    let kindName = json["kind"]?.string ?? ""
    guard let kind = ExperimentKind(rawValue: kindName) else {
      let kinds = ExperimentKind.allCases.map(\.rawValue)
      throw Failure(
        "\(file), kind: \"\(Sanitiser.visible(kindName))\" is not known",
        remedy: "Use one of \(kinds.joined(separator: ", ")).")
    }
    self.number = number
    self.kind = kind
    self.folder = folder
    let slug = String(folder.name.drop { $0 != "_" }.dropFirst())
    self.slug = slug
    title = json["title"]?.string ?? slug
    purpose = json["purpose"]?.string ?? ""
    owner = json["owner"]?.string ?? ""
    created = json["created"]?.string ?? ""
    links = json["links"]?.array?.compactMap(\.string) ?? []
    state = json["state"]?.string.flatMap { RunState(rawValue: $0) } ?? .created
    notes =
      json["notes"]?.array?.map { note in
        ExperimentNote(
          time: note["time"]?.string ?? "", author: note["author"]?.string ?? "",
          text: note["text"]?.string ?? note.string ?? "")
      } ?? []
    provenance = Provenance(json["provenance"] ?? .null)
  }
}

extension JSON {
  /// The object with those members of `other` that it has not itself, at every depth.
  ///
  /// Elements of arrays belong together by their places: those of an experiment, its notes, are only ever added to.
  func keeping(unknownOf other: JSON) -> JSON {
    if case .array(let mine) = self, case .array(let theirs) = other {
      let kept = zip(mine, theirs).map { $0.keeping(unknownOf: $1) }
      return .array(kept + mine.dropFirst(kept.count))
    }
    guard case .object(let mine) = self, case .object(let theirs) = other else { return self }
    var members = mine.map { ($0.key, $0.value.keeping(unknownOf: theirs[$0.key] ?? .null)) }
    members += theirs.filter { mine[$0.key] == nil }.map { ($0.key, $0.value) }
    return .object(members)
  }
}
