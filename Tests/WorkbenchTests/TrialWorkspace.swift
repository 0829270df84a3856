import Base
import Corpus
import Lab
import TestSupport

/// A small workspace with something in every pane, written through Lab and Corpus.
struct TrialWorkspace {
  let workspace: Workspace

  init(at folder: Path) throws {
    workspace = try Workspace.create(at: folder)
    try fillCorpus()
    try fillRun()
    try fillScores()
  }

  private func experiment(_ slug: String, _ kind: ExperimentKind, links: [String] = []) throws
    -> Experiment
  {
    try Experiments(workspace).create(
      slug: slug, kind: kind, title: "試しの\(slug)", purpose: "作業台を試す。", links: links,
      provenance: .current(version: "0.1.0"))
  }

  /// Documents of every level; those that may not be shown are full of 鱻.
  private func fillCorpus() throws {
    let number = try experiment("corpus", .corpus).number
    var sources: [ImportSource] = []
    for level in ReleaseLevel.allCases {
      let lines = (0..<30).map { place in
        let secret = level.allows(.show) ? "" : "鱻鱻"
        let text = "\(secret)歌島の\(place)番目の話。灯台の鏡は夏至に磨かれる。\n\nThe ferry leaves at dawn."
        return JSON.object([
          ("text", JSON(text)), ("meta", .object([("title", JSON("話\(place)\(secret)"))])),
        ]).text() + "\n"
      }
      let file = workspace.root / "\(level.rawValue).jsonl"
      try Files.write(lines.joined(), to: file)
      sources.append(
        ImportSource(file, subset: "ja_\(level.rawValue)", language: "ja", level: level))
    }
    let store = VersionStore.corpora(of: workspace.root)
    _ = try CorpusImport("歌島", number: number, sources: sources, into: store).run()
  }

  /// A run of 400 steps, written twice from step 250 on, with a spike.
  private func fillRun() throws {
    let run = try experiment("pretrain", .pretrain, links: ["歌島@v0001"])
    try Files.write("steps: 400\n", to: run.folder.config)
    for (start, end) in [(0, 300), (250, 400)] {
      let writer = try RunWriter(run.folder.run, goingOnFrom: start)
      writer.event(start == 0 ? .start : .resume, step: start, "1.8M parameters")
      for step in start + 1...end { Self.record(step, to: writer) }
      writer.event(.checkpoint, step: end, "checkpoints/step-\(end)")
      try writer.end(start == 0 ? .stopped : .finished, step: end)
    }
    try Files.makeDirectory(run.folder.checkpoint(400))
    try Files.makeDirectory(run.folder.checkpoint(300))
  }

  static func record(_ step: Int, to writer: RunWriter) {
    let time = Double(step)
    let wave = Double(step * 7919 % 101) / 101 - 0.5
    let spike = step == 180 ? 3.0 : 0
    writer.record(
      step: step,
      [
        ("loss", 2.4 + 6 / (1 + time / 60) + 0.2 * wave + spike),
        ("gradient_norm", 0.6 + 4 / (1 + time / 30) + spike * 5),
        ("learning_rate", 1e-3 * min(1, time / 40)), ("tokens_per_second", 12_000 + 400 * wave),
        ("tokens", time * 2048),
      ])
    if step.isMultiple(of: 50) {
      writer.record(step: step, [("validation_loss", 2.6 + 6 / (1 + time / 60))])
      writer.event(.validation, step: step, "validation loss")
    }
    if spike > 0 { writer.event(.spike, step: step, "loss is 1.8 times its median") }
  }

  private func fillScores() throws {
    let evaluation = try experiment("eval", .eval, links: ["0002@400"])
    let writer = try ScoreWriter(evaluation.folder.scores, name: "scores")
    for (place, category) in ScoreTable.standardCategories.enumerated() {
      try writer.append(
        ScoreRow(
          model: "0002@400", modelHash: "abc", experiment: 2, step: 400, task: "課題\(category)",
          category: category, version: "1", shots: 4, promptHash: "x", metric: "exact_match",
          value: Double(place) / 10, error: 0.02, n: 10, chance: 0.25))
      for index in 0..<10 {
        try writer.append(
          SampleRow(
            model: "0002@400", modelHash: "abc", task: "課題\(category)", category: category,
            shots: 4, index: index, prompt: "歌島について答えよ。問\(index)", output: "灯台",
            expected: index < place ? "灯台" : "舟", metric: "exact_match",
            score: index < place ? 1 : 0, verdict: index < place,
            details: .object([("level", JSON(category == "RC" ? "LX" : "L1"))])))
      }
    }
    try writer.finish()
    try Experiments(workspace).setState(evaluation.number, .finished)
  }
}
