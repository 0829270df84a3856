import Base
import Lab

/// A study's results as a page of Markdown with its curves.
struct StudyReport {
  let plan: StudyPlan
  let number: Int
  let curves: [StudyCurve]
  let machine: String

  /// The loss by which arms are compared: the first arm's in the middle of its steps.
  var target: Double {
    let losses = curves.first?.losses ?? []
    return losses.isEmpty ? .nan : losses[losses.count / 2]
  }

  /// The rows of the comparison, the head first.
  var rows: [[String]] {
    let reference = curves.first?.step(reaching: target)
    var head = [
      "arm", "validation loss", "steps to \(Format.fixed(target, 3))", "times", "spikes",
      "spike score %",
    ]
    head += columns.map(\.title)
    return [head] + curves.map { row($0, reference) }
  }

  private func row(_ curve: StudyCurve, _ reference: Int?) -> [String] {
    let step = curve.step(reaching: target)
    var times = "-"
    if let step, let reference { times = Format.fixed(Double(step) / Double(max(1, reference)), 2) }
    let spread = curve.validationDeviation.map { " +/- \(Format.fixed($0, 4))" } ?? ""
    let score = StudyCurve.mean(curve.spikeScores)
    var row = [curve.arm.name, Format.fixed(curve.validationMean, 4) + spread]
    row += [step.map { String($0) } ?? "never", times, String(curve.spikes)]
    row.append(curve.spikeScores.isEmpty ? "-" : Format.fixed(score, 2))
    for column in columns {
      let value = curve.figures[column.metric]
      row.append(value.map { Format.significant($0 * column.factor, 3) } ?? "-")
    }
    return row
  }

  private var columns: [(title: String, metric: String, factor: Double)] {
    switch plan.kind {
    case .adamEpsilon:
      [
        ("√v̂ below ε %", "below_epsilon", 100), ("update ratio", "update_ratio", 1),
        ("gradient norm", "gradient_norm", 1),
      ]
    case .precision:
      [
        ("saturated %", "fp8/saturated", 100), ("flushed to 0 %", "fp8/underflow", 100),
        ("gradient norm", "gradient_norm", 1), ("tokens/s", "tokens_per_second", 1),
      ]
    }
  }

  /// What the figures say, in words made from them alone.
  var findings: [String] {
    guard let first = curves.first else { return [] }
    return curves.dropFirst().map { curve in
      var text = "\(curve.arm.name) against \(first.arm.name): "
      let difference = curve.validationMean - first.validationMean
      let noise = max(first.validationDeviation ?? 0, curve.validationDeviation ?? 0)
      if !difference.isFinite {
        text += "its loss is no number"
      } else if abs(difference) <= 2 * noise {
        text += "no difference beyond twice the spread of the seeds"
      } else {
        text +=
          "\(Format.fixed(abs(difference), 4)) nats \(difference > 0 ? "worse" : "better") at the end"
      }
      if let mine = curve.step(reaching: target), let theirs = first.step(reaching: target) {
        text +=
          "; \(Format.fixed(Double(mine) / Double(max(1, theirs)), 2)) times the steps to the same loss"
      } else if first.step(reaching: target) != nil {
        text += "; it never comes down to the same loss"
      }
      return text + "."
    }
  }

  /// The deck's claim, and what this study can say of it.
  private var claim: String {
    switch plan.kind {
    case .adamEpsilon:
      """
      LLM-jp found that ε = 1e-5 in place of 1e-8 makes large models learn about three times slower. AdamW's update is
      m̂ / (√v̂ + ε): ε matters where √v̂ is not far above it, and scaling all gradients by s is the same as dividing ε by s.
      So an arm with ε = 1e-3 shows what 1e-5 does to a model whose gradients are a hundred times smaller; the share of √v̂
      below ε says in which regime an arm is.
      """
    case .precision:
      """
      LLM-jp found that training in 8-bit floating point gave worse models and was less stable. Here weights and moments are
      float32 in all arms but bf16-stochastic; products of an 8-bit arm read operands rounded to that format and scaled by
      their largest value, now (current) or of the last 16 steps (delayed), and sum in float32. The head and the embedding
      are not rounded.
      """
    }
  }

  /// The page; the curves are in `curves.svg` beside it.
  var markdown: String {
    var lines = [
      "# Study \(Format.pad(number, 4)): \(plan.kind.rawValue)", "",
      "\(plan.seeds) seeds, \(Format.count(plan.steps)) steps an arm, on \(machine). Corpus \(plan.corpus), tokenizer "
        + "\(plan.tokenizer).", "", claim, "", "![curves](curves.svg)", "",
    ]
    lines += ExperimentPage.table(rows[0], Array(rows.dropFirst()))
    lines += ["", "## What it shows", ""] + findings.map { "- \($0)" }
    lines += ["", "## Experiments", ""]
    lines += curves.map { curve in
      "- \(curve.arm.name): \(curve.experiments.map { Format.pad($0, 4) }.joined(separator: ", "))"
    }
    lines += [
      "",
      "The losses of the curves are means over the seeds of an exponential mean with decay 0.98. The steps are those to",
      "the first arm's loss in the middle of its steps.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  var svg: String {
    CurvePicture(
      title: "Study \(number): \(plan.kind.rawValue), training loss",
      lines: curves.map { (name: $0.arm.name, values: $0.losses) }
    ).svg
  }

  var json: JSON {
    [
      "experiment": JSON(number), "study": JSON(plan.kind.rawValue), "steps": JSON(plan.steps),
      "seeds": JSON(plan.seeds), "target_loss": .number(target),
      "arms": .array(
        curves.map { curve in
          [
            "name": JSON(curve.arm.name), "experiments": .integers(curve.experiments),
            "validation_loss": .number(curve.validationMean),
            "deviation": curve.validationDeviation.map { .number($0) } ?? .null,
            "steps_to_target": curve.step(reaching: target).map { JSON($0) } ?? .null,
            "spikes": JSON(curve.spikes),
            "figures": .object(
              JSONObject(
                curve.figures.sorted { $0.key < $1.key }.map { ($0.key, JSON.number($0.value)) })),
          ]
        }), "findings": .array(findings.map { JSON($0) }),
    ]
  }
}
