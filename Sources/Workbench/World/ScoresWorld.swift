import Base
import Lab

/// What the Scores pane asks of the world: the samples behind a score.
final class ScoresWorld: Sendable {
  private let workspace: Workspace
  private let outbox: Outbox
  private let worker = Worker()

  init(workspace: Workspace, outbox: Outbox) {
    self.workspace = workspace
    self.outbox = outbox
  }

  func perform(_ effect: ScoresPane.Effect) {
    guard case .samples(let model, let category) = effect else { return }
    worker.enqueue { [self] in
      do {
        outbox.post(.scores(.samples(try samples(of: model, category))), replacing: "samples")
      } catch {
        let problem = oneLine(error)
        outbox.post(
          .scores(.unreadable(model, category: category, problem: problem)), replacing: "samples")
      }
    }
  }

  /// The samples of all experiments that evaluated the model; of one that was answered twice the last.
  private func samples(of model: ScoreModel, _ category: String?) throws -> SampleSet {
    var set = SampleSet(model: model, category: category, samples: [], withheld: 0)
    var places: [String: Int] = [:]
    for folder in try Experiments(workspace).folders() {
      let rows = try Scores(folder.scores).samples { row in
        row.model == model.name && row.modelHash == model.hash
          && (category == nil || row.category == category)
      }
      for row in rows {
        guard let sample = ScoredSample(row) else {
          set.withheld += 1
          continue
        }
        let key = "\(row.task)\u{0}\(row.shots)\u{0}\(row.index)"
        if let place = places[key] {
          set.samples[place] = sample
        } else {
          places[key] = set.samples.count
          set.samples.append(sample)
        }
      }
    }
    return set
  }
}

extension ScoredSample {
  /// A stored sample; `nil` if its level forbids showing it, or is none that is known.
  init?(_ row: SampleRow) {
    // Without a level the sample is of a task made for this workspace, which has none.
    let level = row.details["level"]?.string.map { ReleaseLevel(rawValue: $0) ?? .LZ } ?? .L1
    let verdict: Verdict =
      switch (row.verdict, row.score) {
      case (true?, _): .right
      case (false?, _): .wrong
      case (nil, _) where row.details["stop_reason"]?.string == "none": .unanswered
      case (nil, let score?) where score > 0: .partly
      case (nil, _): .none
      }
    self.init(
      task: row.task, index: row.index, level: level, prompt: row.prompt, output: row.output,
      expected: row.expected, metric: row.metric, score: row.score, verdict: verdict)
  }
}
