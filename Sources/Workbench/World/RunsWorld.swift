import Base
import Formats
import Lab
import Synchronization
import Workflows

/// What the Runs pane asks of the world: the curves of one run, starting, stopping.
final class RunsWorld: Sendable {
  private let workspace: Workspace
  private let context: WorkContext
  private let outbox: Outbox
  private let watching = Turnstile()
  /// Starting a run looks at corpus and tokenizer first: curves shall not wait for that.
  private let starting = Worker()
  private let desk = Mutex(Desk())
  private let side: RunSide

  private struct Desk {
    var query: RunQuery?
    /// The run that is shown and those laid over it.
    var watched: [Int: RunWatch] = [:]
    /// The corpora that runs train on, by their configurations, which never change.
    var corpora: [Int: CorpusRow.Name?] = [:]
    var side = Latest<[String]>()
    var sideOf: (number: Int, side: RunsPane.State.Side)?
    /// What the curves on the screen answer.
    var answered: RunQuery?
    var problems: [String] = []
    var problem = Latest<String>()
  }

  init(workspace: Workspace, context: WorkContext, outbox: Outbox) {
    self.workspace = workspace
    self.context = context
    self.outbox = outbox
    side = RunSide(workspace)
  }

  func perform(_ effect: RunsPane.Effect) {
    switch effect {
    case .watch(let query):
      desk.withLock { $0.query = query }
      refresh()
    case .start(let text): starting.enqueue { [self] in start(text) }
    case .resume(let number): starting.enqueue { [self] in resume(number) }
    case .ask(let request, let number): starting.enqueue { [self] in ask(request, of: number) }
    case .show, .notice: break
    }
  }

  /// Reads what is new of the watched run, and posts its curves if they have changed.
  func refresh() { watching.enqueueOnce { [self] in look() } }

  private func look() {
    guard let query = desk.withLock({ $0.query }) else { return }
    do {
      let (watch, isNew) = try watch(query.number)
      // A large run shows its first curves before all of it is read.
      if isNew, watch.refreshPiece() { post(watch, [], query) }
      let overlays = try query.overlays.map { ($0, try self.watch($0.number).0) }
      forget(except: [query.number] + query.overlays.map(\.number))
      postSide(query)
      var didRead = watch.refresh()
      for (_, overlay) in overlays { didRead = overlay.refresh() || didRead }
      let problems = watch.read { $0.problems }
      let hasChanged = desk.withLock { desk in
        didRead || desk.answered != query || desk.problems != problems
      }
      // Nothing is summed up while nothing happens.
      if hasChanged { post(watch, overlays, query) }
    } catch {
      // Once, not each second.
      if desk.withLock({ $0.problem.changes(to: oneLine(error)) }) { outbox.tell(error) }
    }
  }

  private func post(
    _ watch: RunWatch, _ overlays: [(RunQuery.Overlay, RunWatch)], _ query: RunQuery
  ) {
    let others = overlays.map { overlay, watch in
      RunCurves.Overlay(
        number: overlay.number, letter: overlay.letter,
        reader: watch.read { reader in copy reader })
    }
    var curves = watch.read { RunCurves($0, query, others) }
    curves.corpus = corpus(of: query.number)
    let isWanted = desk.withLock { desk in
      let isWanted = desk.query == query
      // What was read and is not shown has to be summed up for whatever is asked next.
      desk.answered = isWanted ? query : nil
      desk.problems = curves.problems
      return isWanted
    }
    if isWanted { outbox.post(.runs(.curves(curves)), replacing: "curves") }
  }

  private func watch(_ number: Int) throws -> (RunWatch, isNew: Bool) {
    if let watch = desk.withLock({ $0.watched[number] }) { return (watch, false) }
    let watch = RunWatch(try Experiments(workspace).folder(of: number).run)
    desk.withLock { $0.watched[number] = watch }
    return (watch, true)
  }

  /// Lets go of runs that are no longer on the screen.
  private func forget(except wanted: [Int]) {
    desk.withLock { desk in desk.watched = desk.watched.filter { wanted.contains($0.key) } }
  }

  /// What stands beside the curves, if that is not their events.
  private func postSide(_ query: RunQuery) {
    guard query.side != .events else { return }
    let lines = side.lines(query)
    let isNew = desk.withLock { desk in
      let isOther = desk.sideOf?.number != query.number || desk.sideOf?.side != query.side
      desk.sideOf = (query.number, query.side)
      return desk.side.changes(to: lines) || isOther
    }
    guard isNew else { return }
    outbox.post(.runs(.side(query.number, query.side, lines)), replacing: "side")
  }

  private func corpus(of number: Int) -> CorpusRow.Name? {
    if let known = desk.withLock({ $0.corpora[number] }) { return known }
    let config = (try? Experiments(workspace).folder(of: number).config).flatMap {
      try? YAML.read($0).root
    }
    let parts = config?["data"]?["corpus"]?.string?.split(separator: "@") ?? []
    var name: CorpusRow.Name?
    if parts.count == 2, parts[1].hasPrefix("v"), let version = Int(parts[1].dropFirst()) {
      name = CorpusRow.Name(corpus: String(parts[0]), version: version)
    }
    desk.withLock { $0.corpora[number] = .some(name) }
    return name
  }

  // MARK: Starting and asking

  private func start(_ text: String) {
    do {
      let path = workspace.resolve(text)
      let configuration = try Pretraining.configuration(path)
      let experiment = try Pretraining.register(
        configuration, slug: ExperimentFolder.slug(for: path), in: workspace, context)
      try launch(experiment.number)
      outbox.post(.runs(.started(experiment.number)), replacing: "started")
    } catch {
      outbox.post(.runs(.refused(oneLine(error))), replacing: "refused")
    }
  }

  private func resume(_ number: Int) {
    do {
      try launch(number)
      outbox.post(.runs(.started(number)), replacing: "started")
    } catch {
      outbox.tell(error)
    }
  }

  private func launch(_ number: Int) throws {
    try LocalLauncher().resume(number, in: workspace, options: context.options)
  }

  private func ask(_ request: Request, of number: Int) {
    do {
      try workspace.requireWritable()
      try Control(Experiments(workspace).folder(of: number).control).send(request)
      outbox.post(
        .notice(
          "Run \(Format.experiment(number)) is asked to \(request.verb); it answers by an event.",
          isError: false), replacing: "request")
    } catch {
      outbox.tell(error)
    }
  }
}

extension Request {
  /// What the trainer is asked to do.
  fileprivate var verb: String {
    switch self {
    case .pause: "pause"
    case .continue: "go on"
    case .save: "save"
    case .stop: "stop"
    case .learningRate: "change its learning rate"
    }
  }
}
