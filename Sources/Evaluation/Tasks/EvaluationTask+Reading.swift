public import Base

extension EvaluationTask {
  /// What a file does not say of its task: an index does, or llm-jp-eval's own tables.
  public struct Filing: Equatable, Sendable {
    public var category: Category?
    public var version: String
    public var level: ReleaseLevel
    public var representative: String?
    public var labels: [String]?
    /// Shots to use where the file has none, as llm-jp-eval takes them from the train split.
    public var shots: [Example]

    /// Texts of unknown licence may be looked at but not handed on: hence L2.
    public init(
      category: Category? = nil, version: String = "", level: ReleaseLevel = .L2,
      representative: String? = nil, labels: [String]? = nil, shots: [Example] = []
    ) {
      self.category = category
      self.version = version
      self.level = level
      self.representative = representative
      self.labels = labels
      self.shots = shots
    }
  }

  /// The largest file that is read, in bytes.
  public static let fileLimit = 64 << 20

  /// Reads a dataset file of llm-jp-eval 1.3.
  ///
  /// `{"instruction", "output_length", "metrics", "few_shots", "samples": [{"input", "output"}]}`;
  /// `label_list` is understood, other keys are left alone.
  ///
  /// - Throws: `Failure` naming file and field.
  public init(file: Path, name: String? = nil, filing: Filing) throws {
    let bytes = try Files.read(file, limit: Self.fileLimit)
    try self.init(bytes, file: file.string, name: name ?? file.stem, filing: filing)
  }

  /// Reads the bytes of a dataset file.
  ///
  /// - Parameter file: how errors call it.
  public init(_ bytes: [UInt8], file: String, name: String, filing: Filing) throws(Failure) {
    var root = try Self.fields(of: bytes, file: file)
    let instruction = try root.nonEmptyString("instruction")
    let outputLength = try root.int("output_length", in: 1...65_536)
    let (metrics, uncomputed) = try Self.metrics(&root)
    var shots = try root.examples("few_shots")
    let samples = try root.examples("samples")
    guard !samples.isEmpty else {
      throw root.wrong("samples", "is empty", remedy: "Give it a sample.")
    }
    if shots.isEmpty { shots = filing.shots }

    let listed = try root.optionalStrings("label_list")
    let labels = filing.labels ?? listed
    if let labels { try Self.check(labels, samples: samples, at: root) }

    var computed = metrics
    let known = KnownDataset.all[name]
    let representative = try Self.representative(
      filing.representative, known?.metric, of: &computed, at: root)
    if representative.isCorrelation || computed.contains(where: \.isCorrelation) {
      for (index, sample) in samples.enumerated() where Double(sample.output) == nil {
        throw root.wrong(
          "samples[\(index)].output", "is no number, but there is a correlation for a metric",
          remedy: "Write a number there or take another metric.")
      }
    }
    self.init(
      name: name, category: filing.category ?? known?.category, version: filing.version,
      level: filing.level, instruction: instruction, outputLength: outputLength,
      metrics: computed, uncomputedMetrics: uncomputed, representative: representative,
      labels: labels, shots: shots, samples: samples)
  }

  /// The first examples of a dataset file of the train split.
  static func shots(file: Path) throws -> [Example] {
    let bytes = try Files.read(file, limit: fileLimit)
    var root = try fields(of: bytes, file: file.string)
    return Array(try root.examples("samples").prefix(PromptOptions.mostShots))
  }

  private static func fields(of bytes: [UInt8], file: String) throws(Failure) -> Fields {
    guard bytes.count <= fileLimit else {
      throw Failure(
        "\(file): larger than \(Format.bytes(fileLimit))", remedy: "Cut the file into several.")
    }
    return try Fields(parsing: bytes, file: file)
  }

  /// The metrics of a file: those we compute, and the names of those we do not.
  private static func metrics(
    _ root: inout Fields
  ) throws(Failure) -> (computed: [Metric], uncomputed: [String]) {
    var computed: [Metric] = []
    var uncomputed: [String] = []
    let names = try root.strings("metrics")
    guard !names.isEmpty else {
      throw root.wrong("metrics", "is empty", remedy: "Name a metric.")
    }
    for (index, name) in names.enumerated() {
      let key = "metrics[\(index)]"
      if let metric = Metric(named: name) {
        guard !computed.contains(metric) else {
          throw root.wrong(key, "names \(name) twice", remedy: "Name each metric once.")
        }
        computed.append(metric)
      } else if Metric.uncomputed[name] != nil {
        uncomputed.append(name)
      } else {
        throw root.wrong(key, "is no metric: \"\(name)\"", remedy: Metric.remedy(for: name))
      }
    }
    return (computed, uncomputed)
  }

  /// The metric that stands for the task: the one the index names, else llm-jp-eval's, else the
  /// file's first.
  ///
  /// chrF takes the place of a neural one, and is added to the metrics then.
  private static func representative(
    _ named: String?, _ known: String?, of metrics: inout [Metric], at root: Fields
  ) throws(Failure) -> Metric {
    if let named {
      guard let metric = Metric(named: named), metrics.contains(metric) else {
        throw root.wrong(
          "metrics", "lacks the metric \"\(named)\" that the index names",
          remedy: "Make the two agree.")
      }
      return metric
    }
    if let known, let metric = Metric(named: known), metrics.contains(metric) { return metric }
    let isNeural = known.map { Metric.uncomputed[$0] != nil } ?? false
    if let first = metrics.first, !isNeural { return first }
    if !metrics.contains(.chrF) { metrics.append(.chrF) }
    return .chrF
  }

  private static func check(
    _ labels: [String], samples: [Example], at root: Fields
  ) throws(Failure) {
    for (index, sample) in samples.enumerated() where !labels.contains(sample.output) {
      throw root.wrong(
        "samples[\(index)].output",
        "\"\(sample.output)\" is none of the labels \(labels.joined(separator: ", "))",
        remedy: "Mend the output or the labels.")
    }
  }
}

extension Metric {
  /// What to do about a name that is no metric.
  static func remedy(for name: String) -> String {
    let names = allCases.map(\.rawValue)
    if let close = nearest(to: name, among: names) { return "Did you mean \(close)?" }
    return "Take one of \(names.sorted().joined(separator: ", "))."
  }
}
