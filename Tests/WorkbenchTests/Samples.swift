import Base
import Lab
import Terminal

@testable import Corpus
@testable import Workbench

/// Invented data for frames: what a world would post.
enum Samples {
  // MARK: Corpus

  static let version = CorpusRow.Name(corpus: "歌島", version: 3)

  static let corpora: WorkbenchMessage = .corpus(
    .versions([
      CorpusRow(name: version, isLatest: true, documents: 3_270),
      CorpusRow(name: .init(corpus: "歌島", version: 1), isLatest: false, documents: 3_301),
    ]))

  static func subset(
    _ name: String, _ language: String, _ level: ReleaseLevel, _ documents: Int, tokens: Int?
  ) -> SubsetStatistics {
    SubsetStatistics(
      name: name, language: language, level: level, documents: documents,
      characters: documents * 412, tokens: tokens)
  }

  static let statistics = [
    subset("ja_wiki", "ja", .L1, 1_204, tokens: 331_204),
    subset("ja_cc", "ja", .L2, 1_611, tokens: 402_118),
    subset("ja_kaken", "ja", .L3, 160, tokens: 54_902),
    subset("en_wiki", "en", .L1, 203, tokens: 81_340),
    subset("heldout", "ja", .LX, 88, tokens: 24_005), subset("canary", "ja", .LZ, 4, tokens: nil),
  ]

  static let subsets: WorkbenchMessage = .corpus(.subsets(version, statistics))

  static let texts = [
    "歌島は内海に浮かぶ小さな島で、「波の歌」と呼ばれる舟歌が今も漁師たちに歌い継がれている。",
    "灯台守の一族は、毎年の夏至に鏡を磨く祭りを開く。ｶﾞﾗｽの鏡は百年ものである。",
    "The ferry to Utashima leaves at dawn; the harbour smells of cedar and salt.",
    "か\u{3099}くしゅう用の文書。結合文字も一つの字として数える。",
  ]

  static func row(_ ordinal: Int, _ level: ReleaseLevel = .L1) -> DocumentRow {
    DocumentRow(
      id: DocumentID(version: 3, file: 1, ordinal: ordinal), subset: "ja_wiki",
      excerpt: LevelledText(texts[ordinal % texts.count], level: level), characters: 400 + ordinal)
  }

  static let documents: WorkbenchMessage = .corpus(
    .documents(version, SubsetName(statistics[0]), from: 0, (0..<80).map { row($0) }))

  static func document(_ level: ReleaseLevel = .L1, text: String? = nil) -> WorkbenchMessage {
    let text = text ?? (0..<12).map { texts[$0 % 4] }.joined(separator: "\n\n")
    return .corpus(
      .document(
        OpenDocument(
          corpus: version, id: DocumentID(version: 3, file: 1, ordinal: 2), subset: "ja_wiki",
          language: "ja", text: LevelledText(text, level: level), meta: "title 歌島, year 1931")))
  }

  /// Documents in which the words stand near the beginning, and far from it.
  static let found: WorkbenchMessage = .corpus(
    .found(
      version, query: "鏡 夏至",
      Findings(
        query: "鏡 夏至", words: ["鏡", "夏至"],
        hits: [
          "夏至の祭りでは鏡を磨く。", ".." + texts[0] + texts[1], "mirrors (鏡) of midsummer, 夏至",
        ].enumerated().map { place, text in
          DocumentRow(
            id: DocumentID(version: 3, file: 1, ordinal: place), subset: "ja_wiki",
            excerpt: LevelledText(text, level: .L1))
        }, total: 3, withheld: 252)))

  static let corpusMessages = [corpora, subsets, documents]

  // MARK: Runs

  static let runs: WorkbenchMessage = .runs(
    .list([
      RunRow(
        number: 7, slug: "sft-歌島", state: .finished, step: 240, totalSteps: 240,
        loss: Measure(1.204), spikes: 0, hasCheckpoint: true),
      RunRow(
        number: 6, slug: "pretrain-大きい", state: .running, step: 640, totalSteps: 1_200,
        loss: Measure(3.0127), spikes: 1, hasCheckpoint: true),
      RunRow(
        number: 5, slug: "pretrain-lr-high", state: .failed, step: 88, totalSteps: 1_200,
        loss: Measure(.nan), spikes: 4, hasCheckpoint: false),
      RunRow(
        number: 4, slug: "pretrain", state: .crashed, step: 400, totalSteps: nil, loss: nil,
        spikes: 0, hasCheckpoint: true),
    ]))

  /// The curves of a run that has done 640 steps, with a spike at 410 and a resume from 300.
  static func curves(_ query: RunQuery) -> WorkbenchMessage {
    let lastStep = 640
    let range = query.window.range(lastStep: lastStep)
    func curve(
      _ count: Int, every: Int = 1, letter: String = "", _ value: (Double) -> Double
    ) -> RunCurves.Line {
      var columns = RunCurves.Columns(repeating: nil, count: count)
      for step in range where count > 0 && step > 0 && step.isMultiple(of: every) {
        let column = (step - range.lowerBound) * count / range.count
        let wave = Double(step % 7) / 7 - 0.5
        let new = value(Double(step)) * (1 + wave * 0.02)
        let old = columns[column]
        columns[column] = LineChart.Column(
          minimum: min(new, old?.minimum ?? new), maximum: max(new, old?.maximum ?? new))
      }
      return RunCurves.Line(
        run: query.number, letter: letter, columns: columns,
        smooth: query.smoothing == .none
          ? [] : columns.map { $0.map { ($0.minimum + $0.maximum) / 2 } },
        last: Measure(value(Double(lastStep))))
    }
    func loss(_ step: Double) -> Double {
      2.4 + 6 / (1 + step / 60) + (step == 410 ? 3.5 : 0)
    }
    func line(_ metric: String, _ count: Int) -> RunCurves.Line? {
      switch metric {
      case "loss": curve(count, loss)
      case "learning_rate": curve(count) { 1e-3 * min(1, $0 / 60) * (1 - $0 / 1400) }
      case "gradient_norm": curve(count) { 0.6 + 4 / (1 + $0 / 30) }
      case "tokens_per_second":
        curve(count) { 12_400 + 300 * ($0.truncatingRemainder(dividingBy: 40) / 40) }
      case "update_ratio": curve(count) { 1e-3 / (1 + $0 / 200) }
      default: nil
      }
    }
    func chart(_ metric: String, _ count: Int) -> RunCurves.Chart {
      var lines = line(metric, count).map { [$0] } ?? []
      if metric == "loss" {
        lines.append(curve(count, every: 100, letter: "V") { loss($0) + 0.14 })
      }
      for overlay in query.overlays where metric == "loss" {
        var other = curve(count, letter: overlay.letter) { loss($0) + 0.6 }
        other.run = overlay.number
        lines = query.isDifference ? [other] : lines + [other]
      }
      return RunCurves.Chart(metric: metric, lines: lines)
    }
    func edges(_ count: Int) -> [Int] {
      (0...max(1, count)).map {
        range.lowerBound + (range.count * $0 + max(1, count) - 1) / max(1, count)
      }
    }
    let columns = max(1, query.columns)
    let ticks = Set((0...4).map { range.lowerBound + (range.count - 1) * $0 / 4 }).sorted().map {
      RunCurves.Tick(
        column: ($0 - range.lowerBound) * columns / range.count, text: Format.count($0))
    }
    let superseded = curve(query.columns) { loss($0) + 0.2 }.columns.enumerated().map {
      place, column -> LineChart.Column? in
      let step = range.lowerBound + place * range.count / max(1, query.columns)
      return (301...340).contains(step) ? column : nil
    }
    var main = chart(query.metric, query.columns)
    if query.metric == "loss" { main.superseded = superseded }
    let events: [(Int, EventKind, String, Bool)] = [
      (600, "checkpoint", "checkpoints/step-00000600", false),
      (600, "validation", "validation loss 3.151", false),
      (411, "skip", "update left out: gradient norm 41.2", false),
      (410, "spike", "loss 6.31 is 2.1 times its median", false),
      (300, "resume", "goes on from step 300 on 解析機", false),
      (340, "warning", "the disk is nearly full", true),
      (300, "checkpoint", "checkpoints/step-00000300", false),
      (0, "start", "1,843,200 parameters, 2,048 tokens an update", false),
    ]
    return .runs(
      .curves(
        RunCurves(
          number: query.number, corpus: CorpusRow.Name(corpus: "歌島", version: 3), range: range,
          lastStep: lastStep, edges: edges(columns), ticks: ticks,
          metrics: ["loss", "gradient_norm", "learning_rate", "tokens_per_second", "update_ratio"],
          main: main, small: query.smallMetrics.map { chart($0, query.smallColumns) },
          smallTicks: [
            RunCurves.Tick(column: 0, text: Format.count(range.lowerBound)),
            RunCurves.Tick(
              column: (range.count - 1) * max(1, query.smallColumns) / range.count,
              text: Format.count(range.upperBound - 1)),
          ], smallEdges: edges(query.smallColumns), cursor: query.cursor,
          readings: query.cursor.map { step in
            [
              RunCurves.Reading(letter: "", name: "step", value: Measure(Double(step))),
              RunCurves.Reading(letter: "", name: query.metric, value: Measure(loss(Double(step)))),
            ]
          } ?? [],
          tokens: 1_310_720, secondsPerStep: 0.165,
          events: events.map {
            EventRow(
              step: $0.0, kind: $0.1, text: $0.2, time: "11-25 02:14", isSuperseded: $0.3,
              why: $0.1 == .spike
                ? [
                  "step \($0.0), a spike: \($0.2)",
                  "cause       the step gave the same bits again: the data or the weights, not the hardware",
                  "gradients   model.layers.1 8.41, model.layers.0 3.2, lm_head 1.02",
                  "subsets     青空文庫 6, wikipedia 2",
                ] : [], checkpoint: $0.1 == .spike ? 20 : nil,
              documents: $0.1 == .spike ? [DocumentID(version: 3, file: 1, ordinal: 2)] : [])
          },
          problems: [])))
  }

  // MARK: Chat

  static let models: WorkbenchMessage = .chat(
    .models([
      ChatModel(reference: "0007@240", experiment: 7, slug: "sft-歌島", kind: .sft),
      ChatModel(reference: "0006@600", experiment: 6, slug: "pretrain-大きい", kind: .pretrain),
      ChatModel(reference: "0006@300", experiment: 6, slug: "pretrain-大きい", kind: .pretrain),
      ChatModel(reference: "imported-small"),
    ]))

  static let chats: WorkbenchMessage = .chat(
    .chats([
      ChatSummary(
        id: "b", title: "歌島の灯台はだれが守りますか。", model: "0007@240", created: "2026-11-25T01:12:00Z"),
      ChatSummary(id: "a", title: "Hello", model: "0006@300", created: "2026-11-24T22:40:00Z"),
    ]))

  static let loaded: WorkbenchMessage = .chat(
    .loaded(
      LoadedModel(
        reference: "0007@240", contextLength: 256, parameters: 1_843_200, hasTemplate: true)))

  static let answer = "灯台守の一族が守っています。夏至には鏡を磨く祭りがあり、島のひとびとが歌を歌いながら山道をのぼります。"

  // MARK: Scores

  static let tuned = ScoreModel(name: "0007@240", hash: "b2")
  static let base = ScoreModel(name: "0006@600", hash: "a1")

  static let board: WorkbenchMessage = .scores(
    .table(
      ScoreBoard(
        models: [base, tuned],
        columns: ["EL", "FA", "HE", "MC", "MR", "MT", "NLI", "QA", "RC", "average"],
        rows: [
          [0, 0.12, 0.24, 0.2, 0.02, 0.31, 0.34, 0, 0.05, 0.142],
          [0.42, 0.31, 0.28, 0.2, nil, 0.44, 0.52, 0.38, 1, nil],
        ], chance: [0, 0.1, 0.25, 0.25, 0, 0, 0.34, 0, 0, 0.104])))

  static let samples: WorkbenchMessage = .scores(
    .samples(
      SampleSet(
        model: base, category: "EL",
        samples: (0..<30).compactMap { index in
          ScoredSample(
            task: "歌島固有名", index: index, level: .L1,
            prompt: "以下は、タスクを説明する指示と入力の組です。\n\n### 入力:\n\(texts[index % 4])\n\n### 応答:\n",
            output: index % 3 == 0 ? "歌島" : "灯台", expected: "歌島", metric: "set_f1",
            score: index % 3 == 0 ? 1 : 0, verdict: index % 3 == 0 ? .right : .wrong)
        }, withheld: 0)))

  // MARK: Experiments

  static func experiment(
    _ number: Int, _ slug: String, _ kind: ExperimentKind, _ state: RunState,
    hasRun: Bool = false, scored: [String] = [], checkpoints: [Int] = []
  ) -> ExperimentRow {
    ExperimentRow(
      number: number, slug: slug, kind: kind, state: state,
      folder: "experiments/000\(number)_\(slug)", title: "歌島の\(slug)",
      purpose: "小さなモデルが一つの島について何を覚えるかを見る。", owner: "umi",
      created: "2026-11-25T00:40:00Z", links: ["歌島@v0003", "歌島@v0002"],
      notes: ["2026-11-25T01:00:00Z umi: 損失の山は学習率のせいだった。"],
      provenance: ["kaji 0.1.0", "host 解析機", "2 threads"], hasRun: hasRun, scored: scored,
      checkpoints: checkpoints)
  }

  static let experiments: WorkbenchMessage = .experiments(
    .list(
      [
        experiment(8, "eval-0007-240", .eval, .finished, scored: ["0007@240"]),
        experiment(
          7, "sft-歌島", .sft, .finished, hasRun: true, scored: ["0007@240"], checkpoints: [240, 120]),
        experiment(6, "pretrain-大きい", .pretrain, .running, hasRun: true, checkpoints: [600, 300]),
        experiment(2, "tokenizer", .tokenizer, .finished),
        experiment(1, "corpus", .corpus, .finished),
      ], problems: []))
}

extension Player {
  /// Answers what the Runs pane watches.
  mutating func receiveCurves() {
    guard let query = state.runs.watched else { return }
    receive(Samples.curves(query))
  }
}
