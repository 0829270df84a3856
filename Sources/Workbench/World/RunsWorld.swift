import Base
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

  private struct Desk {
    var query: RunQuery?
    var watched: (number: Int, watch: RunWatch)?
    /// What the curves on the screen answer.
    var answered: RunQuery?
    var problems: [String] = []
    var problem = Latest<String>()
  }

  init(workspace: Workspace, context: WorkContext, outbox: Outbox) {
    self.workspace = workspace
    self.context = context
    self.outbox = outbox
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
      if isNew, watch.refreshPiece() { post(watch, query) }
      let didRead = watch.refresh()
      let problems = watch.read { $0.problems }
      let hasChanged = desk.withLock { desk in
        didRead || desk.answered != query || desk.problems != problems
      }
      // Nothing is summed up while nothing happens.
      if hasChanged { post(watch, query) }
    } catch {
      // Once, not each second.
      if desk.withLock({ $0.problem.changes(to: oneLine(error)) }) { outbox.tell(error) }
    }
  }

  private func post(_ watch: RunWatch, _ query: RunQuery) {
    let curves = watch.read { RunCurves($0, query) }
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
    if let watched = desk.withLock({ $0.watched }), watched.number == number {
      return (watched.watch, false)
    }
    let watch = RunWatch(try Experiments(workspace).folder(of: number).run)
    desk.withLock { $0.watched = (number, watch) }
    return (watch, true)
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
