import Base
import Formats

/// The experiments that could be read, and what is wrong with the others.
public struct ExperimentList: Sendable {
  /// In the order of their numbers.
  public var experiments: [Experiment] = []
  /// One line for each folder that could not be read.
  public var problems: [String] = []
}

/// The experiments of a workspace: registering, finding, noting.
public struct Experiments: Sendable {
  public let workspace: Workspace

  public init(_ workspace: Workspace) { self.workspace = workspace }

  /// Registers an experiment: takes its number and makes its folder.
  ///
  /// The number is taken by making `.numbers/NNNN`, which only one process of all hosts can do; the folder
  /// appears whole, by a rename, so that nobody reads a half-made one.
  ///
  /// - Parameters:
  ///   - number: one given from outside, as that of a GitHub issue; without it the next free one.
  ///   - owner: whose it is; this user's if empty.
  ///   - prepare: puts into the folder what the experiment must never be without, before it appears.
  /// - Throws: ``Failure`` if the slug cannot be a folder, the number is taken, or nothing may be written.
  public func create(
    slug: String, kind: ExperimentKind, number given: Int? = nil, title: String = "",
    purpose: String = "", owner: String = "", links: [String] = [], provenance: Provenance,
    preparing prepare: (ExperimentFolder) throws -> Void = { _ in }
  ) throws -> Experiment {
    try workspace.requireWritable()
    try Name.check(slug, "slug")
    let number = try given.map(adopt) ?? takeNext()
    let folder = ExperimentFolder(workspace.experiments / "\(Format.pad(number, 4))_\(slug)")
    let experiment = Experiment(
      number: number, slug: slug, title: title.isEmpty ? slug : title, purpose: purpose, kind: kind,
      owner: owner.isEmpty ? userName : owner, links: links, created: Timestamp.now().iso8601,
      state: .created, notes: [], provenance: provenance, folder: folder)
    let draft = ExperimentFolder(workspace.experiments / ".\(folder.name)")
    do {
      for place in [draft.run, draft.control, draft.checkpoints, draft.scores, draft.logs] {
        try Files.makeDirectory(place)
      }
      try prepare(draft)
      try Files.write(YAML.text(experiment.json), to: draft.settings)
      try Files.rename(draft.path, to: folder.path)
    } catch {
      try? Files.remove(draft.path)
      throw error
    }
    try Files.sync(workspace.experiments)
    return experiment
  }

  /// All experiments; one that cannot be read is told of and hides no other.
  public func list() throws -> ExperimentList {
    var list = ExperimentList()
    for folder in try folders() {
      do { list.experiments.append(try read(folder)) } catch {
        list.problems.append(oneLine(error))
      }
    }
    list.experiments.sort { ($0.number, $0.slug) < ($1.number, $1.slug) }
    return list
  }

  /// The experiment of a number.
  ///
  /// - Throws: ``Failure`` if there is none, or its file cannot be read.
  public func find(_ number: Int) throws -> Experiment { try read(try folder(of: number)) }

  /// The folder of a number, without reading what it says.
  public func folder(of number: Int) throws -> ExperimentFolder {
    guard let folder = try folders().first(where: { $0.number == number }) else {
      throw Failure(
        "there is no experiment \(number) in \(workspace.root)",
        remedy: "See `kaji exp list` for those that are.")
    }
    return folder
  }

  /// Adds a remark.
  @discardableResult
  public func note(_ number: Int, _ text: String) throws -> Experiment {
    try update(number) { experiment in
      experiment.notes.append(
        ExperimentNote(time: Timestamp.now().iso8601, author: userName, text: text))
    }
  }

  /// Declares the state of an experiment without a run.
  @discardableResult
  public func setState(_ number: Int, _ state: RunState) throws -> Experiment {
    try update(number) { $0.state = state }
  }

  /// Changes what `experiment.yaml` says, and writes it whole.
  ///
  /// Of several at once each changes what the one before it wrote; keys that this version of Kaji does not know
  /// stay as they are.
  @discardableResult
  public func update(_ number: Int, _ change: (inout Experiment) throws -> Void) throws
    -> Experiment
  {
    try workspace.requireWritable()
    let folder = try folder(of: number)
    for _ in 0..<20 {
      let lock = try ChangeLock(on: folder.settings)
      let before = try FileStatus(folder.settings)
      let json = try YAML.read(folder.settings).root
      var experiment = try Experiment(json, in: folder)
      try change(&experiment)
      let text = YAML.text(experiment.json.keeping(unknownOf: json))
      // An editor asks for no lock.
      if try lock.isHeld && FileStatus(folder.settings) == before {
        try Files.write(text, to: folder.settings)
        return experiment
      }
    }
    throw Failure("\(folder.settings) changes all the time", remedy: "Try again.")
  }

  /// The folders of all experiments, by name.
  public func folders() throws -> [ExperimentFolder] {
    guard Files.exists(workspace.experiments) else { return [] }
    return try Files.list(workspace.experiments).filter { ExperimentFolder.number($0) != nil }
      .map { ExperimentFolder(workspace.experiments / $0) }
  }

  /// Reads one experiment.
  public func read(_ folder: ExperimentFolder) throws -> Experiment {
    try Experiment(YAML.read(folder.settings).root, in: folder)
  }

  // MARK: Numbers

  /// The greatest number that can be given; what stands above it on the disk is no number of ours.
  private static let greatest = 99_999_999

  private func adopt(_ number: Int) throws -> Int {
    guard (1...Self.greatest).contains(number) else {
      throw Failure(
        "\(number) cannot be an experiment's number",
        remedy: "Give one from 1 to \(Self.greatest).")
    }
    guard try take(number) else {
      throw Failure(
        "experiment number \(number) is taken",
        remedy: "Give another, or none for the next free one.")
    }
    return number
  }

  private func takeNext() throws -> Int {
    let taken = try numbersTaken()
    var number = (taken.max() ?? 0) + 1
    while try !take(number) { number += 1 }
    return number
  }

  private func take(_ number: Int) throws -> Bool {
    // A folder copied in from elsewhere has its number even if nobody took it here.
    if try folders().contains(where: { $0.number == number }) { return false }
    return try Files.makeDirectoryExclusively(workspace.numbers / Format.pad(number, 4))
  }

  private func numbersTaken() throws -> [Int] {
    try Files.makeDirectory(workspace.numbers)
    let taken =
      try Files.list(workspace.numbers).compactMap { Int($0) } + folders().compactMap(\.number)
    return taken.filter { $0 < Self.greatest }
  }
}
