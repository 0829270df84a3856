import Base
import Generation

/// The state of one evaluation while it runs.
struct EvaluationRun {
  let model: any LanguageModel
  let identity: ModelIdentity
  let options: EvaluationOptions
  let batch: Int
  var cache: AnswerCache
  /// The questions of all tasks.
  let total: Int
  let progress: any ProgressReporter
  let cancellation: CancellationFlag?
  /// The questions that have an answer.
  private(set) var done = 0

  init(
    model: any LanguageModel, identity: ModelIdentity, options: EvaluationOptions, batch: Int,
    cache: AnswerCache, total: Int, progress: any ProgressReporter,
    cancellation: CancellationFlag?
  ) {
    self.model = model
    self.identity = identity
    self.options = options
    self.batch = batch
    self.cache = cache
    self.total = total
    self.progress = progress
    self.cancellation = cancellation
  }

  /// Asks and measures one task.
  mutating func evaluate(
    _ task: EvaluationTask, onEvent: (EvaluationEvent) -> Void
  ) throws -> EvaluationResult {
    let prompts = task.samples.map {
      PreparedPrompt(
        $0.input, of: task, options.prompt, tokenizer: model.tokenizer,
        contextLength: model.contextLength)
    }
    let answers = try answer(prompts, of: task, onEvent: onEvent)
    let judged = zip(prompts, answers).enumerated().map { index, pair in
      Judged(task.samples[index], prompt: pair.0, answer: pair.1)
    }
    let measured = task.metrics.map { metric in
      (metric, metric.measure(judged.map { ($0.prediction, $0.gold) }, seed: options.seed))
    }
    let samples = judged.indices.map { index in
      judged[index].row(of: task, index: index, measured)
    }
    for sample in samples { onEvent(.sample(sample)) }

    let taskHash = task.hash
    let promptHash = Self.hash(prompts)
    let chance = task.chance
    let rows = measured.map { metric, measurement in
      MetricResult(
        model: identity, task: task.name, category: task.category, version: task.version,
        taskHash: taskHash, shots: options.prompt.shots,
        shotsUsed: prompts.map(\.shots).min() ?? 0, promptHash: promptHash, metric: metric,
        isRepresentative: metric == task.representative, estimate: measurement.estimate,
        count: samples.count, unanswered: prompts.count { !$0.fits }, seed: options.seed,
        chance: metric == task.representative ? chance : 0)
    }
    for row in rows { onEvent(.row(row)) }
    return EvaluationResult(rows: rows, samples: samples)
  }

  /// The answers to all prompts that fit, from the cache or the model.
  private mutating func answer(
    _ prompts: [PreparedPrompt], of task: EvaluationTask, onEvent: (EvaluationEvent) -> Void
  ) throws -> [AnswerCache.Answer?] {
    let generation = EvaluationOptions.generation(of: task)
    let keys = prompts.map { prompt in
      prompt.fits
        ? AnswerCache.key(model: identity.hash, prompt: prompt.ids, generation) : nil
    }
    // Prompts of like length make the fullest batches. What a prompt yields does not depend on it.
    let missing = prompts.indices.filter { keys[$0].map { cache[$0] == nil } ?? false }
      .sorted { (prompts[$0].ids.count, $0) < (prompts[$1].ids.count, $1) }
    done += prompts.count - missing.count
    onEvent(
      .started(
        task: task.name, samples: prompts.count,
        known: keys.count { $0.map { cache[$0] != nil } ?? false }))
    report(task)
    for start in stride(from: 0, to: missing.count, by: batch) {
      try stopIfAsked()
      let chosen = missing[start..<min(start + batch, missing.count)]
      let generated = try model.generate(
        chosen.map { prompts[$0].ids }, generation, cancellation: cancellation
      ) { _, _ in }
      var new: [(key: String, answer: AnswerCache.Answer)] = []
      for (index, result) in zip(chosen, generated) where result.stopReason != .cancelled {
        guard let key = keys[index] else { continue }
        new.append(
          (key, .init(text: result.text, ids: result.ids.count, stopReason: result.stopReason)))
      }
      try cache.add(new)
      done += new.count
      report(task)
      if new.count < chosen.count {
        try cache.sync()
        throw EvaluationInterrupted(done: done, total: total)
      }
    }
    try cache.sync()
    return keys.map { key in key.flatMap { cache[$0] } }
  }

  private func stopIfAsked() throws {
    guard cancellation?.isCancelled == true else { return }
    try cache.sync()
    throw EvaluationInterrupted(done: done, total: total)
  }

  private func report(_ task: EvaluationTask) {
    let category = task.category.map { "\($0.rawValue) " } ?? ""
    progress.update(
      ProgressState(
        stage: "evaluating", done: done, total: total, unit: "answers",
        note: category + task.name))
  }

  /// The SHA-256 of all prompts, each with its length before it.
  private static func hash(_ prompts: [PreparedPrompt]) -> String {
    var digest = SHA256()
    for prompt in prompts {
      let bytes = Array(prompt.text.utf8)
      digest.update(Array("\(bytes.count)\n".utf8))
      digest.update(bytes)
    }
    return hexadecimal(digest.finalize())
  }
}

/// A question with its answer, ready to be compared.
private struct Judged {
  let sample: Example
  let prompt: PreparedPrompt
  let answer: AnswerCache.Answer?
  let prediction: String
  let gold: String

  init(_ sample: Example, prompt: PreparedPrompt, answer: AnswerCache.Answer?) {
    self.sample = sample
    self.prompt = prompt
    self.answer = answer
    prediction = Answer.prediction(from: answer?.text ?? "")
    gold = Answer.gold(sample.output)
  }

  func row(
    of task: EvaluationTask, index: Int, _ measured: [(metric: Metric, measurement: Measurement)]
  ) -> SampleResult {
    var scores: [Metric: Double] = [:]
    for (metric, measurement) in measured { scores[metric] = measurement.scores?[index] }
    let score = scores[task.representative]
    return SampleResult(
      task: task.name, category: task.category, index: index, level: task.level,
      prompt: prompt.text, output: answer?.text ?? "", prediction: prediction,
      expected: sample.output, verdict: answer == nil ? .unanswered : Verdict(score),
      score: score, scores: scores, promptTokens: prompt.ids.count,
      outputTokens: answer?.ids ?? 0, shots: prompt.shots,
      stopReason: answer?.stopReason.rawValue ?? "none")
  }
}

extension Verdict {
  /// The verdict that a score means.
  init(_ score: Double?) {
    self =
      switch score {
      case nil: .unjudged
      case let score? where score >= 1: .correct
      case let score? where score > 0: .partial
      default: .wrong
      }
  }
}
