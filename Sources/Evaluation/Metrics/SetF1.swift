/// The agreement of two lists of lines: llm-jp-eval's `set_f1`.
public enum SetF1 {
  /// 2 P R / (P + R), where P is the share of the predicted lines that are expected, R their number
  /// over the number of expected lines; 0 without a hit.
  ///
  /// Lines are stripped. The predicted ones count once each, the expected ones as often as they
  /// are written: so llm-jp-eval does.
  public static func score(_ prediction: String, _ gold: String) -> Double {
    let expected = PythonText.lines(gold).map { Array(PythonText.strip($0)) }
    let predicted = Set(PythonText.lines(prediction).map { Array(PythonText.strip($0)) })
    let hits = Double(predicted.intersection(expected).count)
    guard hits > 0 else { return 0 }
    let precision = hits / Double(predicted.count)
    let recall = hits / Double(expected.count)
    return 2 * (precision * recall) / (precision + recall)
  }
}
