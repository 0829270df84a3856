import Base
import Formats
import Lab
import Synchronization
import Workflows

/// The lists of all panes, read from the index and from the folders whenever something of them has changed.
final class ListsWorld: Sendable {
  private let workspace: Workspace
  private let index: Index
  private let outbox: Outbox
  private let turnstile = Turnstile()
  private let known: Mutex<Known>

  private struct Known {
    /// What the workspace looked like when the lists were read.
    var stamp = Latest<ListsStamp>()
    /// Whether a run was at work then: one that dies changes no file.
    var hasLiveRun = false
    var runs = Latest<[RunRow]>()
    var alerts: AlertWatch
    var experiments = Latest<Experimental>()
    var board = Latest<ScoreBoard>()
    var corpora = Latest<[CorpusRow]>()
    var models = Latest<[ChatModel]>()
    var chats = Latest<[ChatSummary]>()
    var problem = Latest<String>()
    /// Steps in all, by experiment, from configurations that never change.
    var steps: [Int: Int?] = [:]
  }

  private struct Experimental: Equatable, Sendable {
    var rows: [ExperimentRow]
    var problems: [String]
  }

  init(workspace: Workspace, index: Index, outbox: Outbox) {
    self.workspace = workspace
    self.index = index
    self.outbox = outbox
    known = Mutex(Known(alerts: AlertWatch(workspace.settings.alerts)))
  }

  /// Looks what has changed, and posts that.
  func refresh() { turnstile.enqueueOnce { [self] in look() } }

  private func look() {
    do {
      let changes = try index.refresh()
      let stamp = try ListsStamp(workspace)
      let isNew = known.withLock { known in
        // Both are looked at: changes are told once, and the stamp is to be the newest.
        let isOther = known.stamp.changes(to: stamp)
        return isOther || changes > 0 || known.hasLiveRun
      }
      guard isNew else { return }
      let experiments = try index.experiments()
      let scores = try index.scores()
      try known.withLock { known in
        known.hasLiveRun = experiments.contains { $0.state.isLive }
        let runs = try index.runs()
        post(runs: runs, &known)
        alert(runs, &known)
        try post(experiments, scores, &known)
        try post(corpora: index.corpora(), &known)
        try postModels(experiments, &known)
        try postChats(&known)
      }
    } catch {
      known.withLock { $0.stamp = Latest() }
      // Once: a folder that cannot be read stays so, and a notice a second would be in the way.
      if known.withLock({ $0.problem.changes(to: oneLine(error)) }) { outbox.tell(error) }
    }
  }

  // MARK: Runs

  private func post(runs: [IndexedRun], _ known: inout Known) {
    let rows = runs.reversed().map { run in
      let experiment = run.experiment
      return RunRow(
        number: experiment.number, slug: experiment.slug, state: run.summary.state,
        step: run.summary.step,
        totalSteps: run.summary.totalSteps ?? totalSteps(experiment, &known),
        loss: run.summary.loss.map { Measure($0) }, spikes: run.summary.spikes,
        hasCheckpoint: !experiment.folder.checkpointSteps().isEmpty)
    }
    if known.runs.changes(to: rows) { outbox.post(.runs(.list(rows)), replacing: "runs") }
  }

  /// Tells of runs that need somebody's eyes, and starts the command for it.
  private func alert(_ runs: [IndexedRun], _ known: inout Known) {
    let settings = workspace.settings.alerts
    let alerts = known.alerts.look(
      runs.map { ($0.experiment.number, $0.summary) }, now: monotonicSeconds())
    for alert in alerts {
      outbox.post(
        .alert(alert, rings: settings.bell), replacing: "alert \(alert.experiment) \(alert.kind)")
      let folder = runs.first { $0.experiment.number == alert.experiment }?.experiment.folder
      guard let folder, !settings.command.isEmpty else { continue }
      do {
        let output = workspace.isWritable ? folder.logs / "alerts.txt" : Path("/dev/null")
        try AlertCommand.run(alert, settings, output: output)
      } catch { outbox.tell(error) }
    }
  }

  private func totalSteps(_ experiment: Experiment, _ known: inout Known) -> Int? {
    if let steps = known.steps[experiment.number] { return steps }
    guard Files.exists(experiment.folder.config) else { return nil }
    let steps = (try? YAML.read(experiment.folder.config).root)?["steps"]?.int
    known.steps[experiment.number] = .some(steps)
    return steps
  }

  // MARK: Experiments and scores

  private func post(
    _ experiments: [IndexedExperiment], _ scores: [ScoreRow], _ known: inout Known
  ) throws {
    let table = ScoreTable(scores)
    let board = ScoreBoard(
      models: table.models.map { ScoreModel(name: $0.name, hash: $0.hash) },
      columns: table.columns, rows: table.rows, chance: table.chance)
    if known.board.changes(to: board) { outbox.post(.scores(.table(board)), replacing: "scores") }
    let rows = experiments.reversed().map { row($0, board.models.map(\.name)) }
    let new = Experimental(rows: rows, problems: try index.problems())
    guard known.experiments.changes(to: new) else { return }
    outbox.post(
      .experiments(.list(new.rows, problems: new.problems)), replacing: "experiments")
  }

  private func row(_ indexed: IndexedExperiment, _ scored: [String]) -> ExperimentRow {
    let experiment = indexed.experiment
    let prefix = Format.experiment(experiment.number) + "@"
    let own = scored.filter { name in
      name.hasPrefix(prefix) || experiment.kind == .eval && experiment.links.contains(name)
    }
    let provenance = experiment.provenance
    var facts = [
      "kaji \(provenance.version) \(provenance.commit)", "host \(provenance.host)",
      provenance.cpu, provenance.threads > 0 ? "\(provenance.threads) threads" : "",
      provenance.commandLine.joined(separator: " "),
    ]
    facts += provenance.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    facts += provenance.hashes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return ExperimentRow(
      number: experiment.number, slug: experiment.slug, kind: experiment.kind,
      state: indexed.state, folder: workspace.relative(experiment.folder.path),
      title: experiment.title, purpose: experiment.purpose, owner: experiment.owner,
      created: experiment.created, links: experiment.links,
      notes: experiment.notes.map { "\($0.time) \($0.author): \($0.text)" },
      provenance: facts.filter { $0.contains { !$0.isWhitespace } },
      hasRun: hasRun(experiment.folder), scored: own,
      checkpoints: experiment.folder.checkpointSteps().reversed())
  }

  private func hasRun(_ folder: ExperimentFolder) -> Bool {
    ((try? Files.list(folder.run)) ?? []).isEmpty == false
  }

  // MARK: Corpora

  private func post(corpora: [IndexedVersion], _ known: inout Known) {
    let rows = corpora.reversed().map { version in
      let subsets = version.settings["subsets"]?.array ?? []
      return CorpusRow(
        name: CorpusRow.Name(corpus: version.name, version: version.version),
        isLatest: version.isLatest,
        documents: subsets.reduce(0) { $0 + ($1["documents"]?.int ?? 0) })
    }
    if known.corpora.changes(to: rows) {
      outbox.post(.corpus(.versions(rows)), replacing: "corpora")
    }
  }

  // MARK: Chat

  private func postModels(_ experiments: [IndexedExperiment], _ known: inout Known) throws {
    var models = experiments.reversed().flatMap { indexed -> [ChatModel] in
      let experiment = indexed.experiment
      return experiment.folder.checkpointSteps().reversed().map { step in
        ChatModel(
          reference: "\(Format.experiment(experiment.number))@\(step)",
          experiment: experiment.number, slug: experiment.slug, kind: experiment.kind)
      }
    }
    // What is one file has no configuration, and cannot be talked with.
    models += try index.models().filter { !$0.config.isNull }.map { ChatModel(reference: $0.name) }
    if known.models.changes(to: models) { outbox.post(.chat(.models(models)), replacing: "models") }
  }

  private func postChats(_ known: inout Known) throws {
    let chats = try index.chats().map {
      ChatSummary(id: $0.id, title: $0.title, model: $0.model, created: $0.created)
    }
    if known.chats.changes(to: chats) { outbox.post(.chat(.chats(chats)), replacing: "chats") }
  }
}
