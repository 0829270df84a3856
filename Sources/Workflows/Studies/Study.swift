public import Base
import Formats
public import Lab
import Training

/// A group of experiments that compare one thing, and its report.
public struct Study {
  private let workspace: Workspace
  private let context: WorkContext
  private let say: (String) -> Void
  public let plan: StudyPlan
  /// The experiment that stands for the group.
  public let experiment: Experiment

  /// What came of it.
  public struct Outcome {
    public let experiment: Int
    /// `report.md`.
    public let page: Path
    /// The comparison, its head first.
    public let rows: [[String]]
    public let findings: [String]
    public let json: JSON
  }

  /// Begins a study under a number of its own.
  ///
  /// - Throws: `Failure` if nothing can be written.
  public init(
    _ plan: StudyPlan, number: Int? = nil, in workspace: Workspace, _ context: WorkContext,
    say: @escaping (String) -> Void
  ) throws {
    try workspace.requireWritable()
    let text = YAML.text(plan.json)
    let experiment = try Experiments(workspace).create(
      slug: "study-\(plan.kind.rawValue)", kind: .study, number: number,
      purpose: "\(plan.arms.count) arms with \(plan.seeds) seeds each",
      links: [plan.corpus, plan.tokenizer],
      provenance: context.provenance(hashes: [
        "configuration": SHA256.hex(of: Array(text.utf8))
      ])
    ) { folder in try Files.write(text, to: folder.config) }
    self.init(plan, experiment, workspace, context, say)
  }

  /// Goes on with a study, or makes its report anew.
  ///
  /// - Throws: `Failure` if the experiment is none.
  public init(
    resuming number: Int, in workspace: Workspace, _ context: WorkContext,
    say: @escaping (String) -> Void
  ) throws {
    let experiment = try Experiments(workspace).find(number)
    guard experiment.kind == .study else {
      throw Failure(
        "experiment \(number) is of kind \(experiment.kind.rawValue), no study",
        remedy: "See `kaji exp list`.")
    }
    let config = experiment.folder.config
    let plan = try StudyPlan(try YAML.read(config).root, file: config.string)
    self.init(plan, experiment, workspace, context, say)
  }

  private init(
    _ plan: StudyPlan, _ experiment: Experiment, _ workspace: Workspace, _ context: WorkContext,
    _ say: @escaping (String) -> Void
  ) {
    (self.plan, self.experiment) = (plan, experiment)
    (self.workspace, self.context, self.say) = (workspace, context, say)
  }

  /// Trains what is still to train, seed by seed so that a study that is cut short can be compared, and reports.
  ///
  /// - Returns: `nil` if it was stopped; the same study goes on from there.
  /// - Throws: `Failure`, or what a run throws.
  public func run() throws -> Outcome? {
    let experiments = Experiments(workspace)
    var runs: [[Experiment]] = Array(repeating: [], count: plan.arms.count)
    for seed in 1...plan.seeds {
      for (place, arm) in plan.arms.enumerated() {
        let run = try member(arm, place, seed, experiments)
        if experiments.state(of: run) != .finished {
          say("\(arm.name), seed \(seed): experiment \(run.number)")
          let report = try Pretraining.run(run, in: workspace, context)
          guard report.outcome == .finished else { return nil }
        }
        runs[place].append(run)
      }
    }
    let curves = zip(plan.arms, runs).map { StudyCurve($0, $1, steps: plan.steps) }
    return try report(curves, experiments)
  }

  /// The experiment of an arm and a seed, registered if there is none yet.
  private func member(
    _ arm: StudyPlan.Arm, _ place: Int, _ seed: Int, _ experiments: Experiments
  ) throws -> Experiment {
    let slug = "study\(experiment.number)-arm\(place + 1)-seed\(seed)"
    if let found = try experiments.list().experiments.last(where: { $0.slug == slug }) {
      return found
    }
    let configuration = try plan.configuration(arm, seed: seed) {
      try YAML.parse($0, file: "study")
    }
    let made = try Pretraining.register(
      configuration, slug: slug,
      purpose: "\(arm.name), seed \(seed), of study \(experiment.number)",
      in: workspace, context)
    _ = try experiments.update(experiment.number) { $0.links.append(made.folder.name) }
    return made
  }

  private func report(_ curves: [StudyCurve], _ experiments: Experiments) throws -> Outcome {
    let provenance = experiment.provenance
    let report = StudyReport(
      plan: plan, number: experiment.number, curves: curves,
      machine: "\(provenance.cpu), \(provenance.threads) threads")
    let page = experiment.folder.path / "report.md"
    try Files.write(report.svg, to: experiment.folder.path / "curves.svg")
    try Files.write(
      report.json.text(pretty: true) + "\n", to: experiment.folder.path / "report.json")
    try Files.write(report.markdown, to: page)
    _ = try? experiments.setState(experiment.number, .finished)
    return Outcome(
      experiment: experiment.number, page: page, rows: report.rows, findings: report.findings,
      json: report.json)
  }
}
