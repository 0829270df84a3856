/// The nine abilities over which llm-jp-eval averages.
public enum Category: String, Sendable, CaseIterable, Comparable {
  case entityLinking = "EL"
  case fundamentalAnalysis = "FA"
  case humanExamination = "HE"
  case multipleChoice = "MC"
  case mathematicalReasoning = "MR"
  case machineTranslation = "MT"
  case naturalLanguageInference = "NLI"
  case questionAnswering = "QA"
  case readingComprehension = "RC"

  /// What the abbreviation stands for.
  public var title: String {
    switch self {
    case .entityLinking: "entity linking"
    case .fundamentalAnalysis: "fundamental analysis"
    case .humanExamination: "human examination"
    case .multipleChoice: "multiple choice"
    case .mathematicalReasoning: "mathematical reasoning"
    case .machineTranslation: "machine translation"
    case .naturalLanguageInference: "natural language inference"
    case .questionAnswering: "question answering"
    case .readingComprehension: "reading comprehension"
    }
  }

  /// In the order of the abbreviations.
  public static func < (a: Category, b: Category) -> Bool { a.rawValue < b.rawValue }
}
