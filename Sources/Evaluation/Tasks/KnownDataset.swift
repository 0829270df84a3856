/// What llm-jp-eval itself knows of its datasets, which their files do not say.
enum KnownDataset {
  /// The category that llm-jp-eval counts a dataset in, and the metric that stands for it there.
  ///
  /// The 22 datasets of version 1.3 that have a category (jsts has none), and those that version
  /// 1.4.1 added to these nine categories.
  static let all: [String: (category: Category, metric: String)] = [
    "jamp": (.naturalLanguageInference, "exact_match"),
    "janli": (.naturalLanguageInference, "exact_match"),
    "jnli": (.naturalLanguageInference, "exact_match"),
    "jsem": (.naturalLanguageInference, "exact_match"),
    "jsick": (.naturalLanguageInference, "exact_match"),
    "jemhopqa": (.questionAnswering, "char_f1"),
    "niilc": (.questionAnswering, "char_f1"),
    "aio": (.questionAnswering, "char_f1"),
    "jsquad": (.readingComprehension, "char_f1"),
    "jcommonsenseqa": (.multipleChoice, "exact_match"),
    "commonsensemoralja": (.multipleChoice, "exact_match"),
    "kuci": (.multipleChoice, "exact_match"),
    "mmluen": (.humanExamination, "exact_match"),
    "mmlu_en": (.humanExamination, "exact_match"),
    "jmmlu": (.humanExamination, "exact_match"),
    "chabsa": (.entityLinking, "set_f1"),
    "wiki_reading": (.fundamentalAnalysis, "char_f1"),
    "wiki_ner": (.fundamentalAnalysis, "set_f1"),
    "wiki_dependency": (.fundamentalAnalysis, "set_f1"),
    "wiki_pas": (.fundamentalAnalysis, "set_f1"),
    "wiki_coreference": (.fundamentalAnalysis, "set_f1"),
    "mawps": (.mathematicalReasoning, "exact_match"),
    "alt-e-to-j": (.machineTranslation, "comet_wmt22"),
    "alt-j-to-e": (.machineTranslation, "comet_wmt22"),
    "wikicorpus-e-to-j": (.machineTranslation, "comet_wmt22"),
    "wikicorpus-j-to-e": (.machineTranslation, "comet_wmt22"),
  ]
}
