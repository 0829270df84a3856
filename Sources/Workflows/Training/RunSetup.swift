public import Base
import Lab
import Models
import Tensors
public import Training

/// What one kind of run brings to the step loop.
struct RunSetup {
  var plan: TrainingPlan
  /// Hashes of what the run reads besides its configuration and tokenizer: they must not change meanwhile.
  var inputs: [String] = []
  var tokenizerHash: String
  /// The folder whose tokenizer files go into the checkpoints.
  var tokenizerFolder: Path
  var model: Llama
  /// Makes the weights a run begins with.
  var initialise: (any Device) throws -> ParameterStore
  var source: any BatchSource
  /// Scores the held-out documents with a program that shares the weights.
  var validation: ((Llama, ParameterStore) throws -> () throws -> ValidationResult)?
  /// What the progress bar calls it.
  var stage: String
  var injections: [Injection]
  /// What is added to the loss, and what is computed again to save memory.
  var lossTerms = LossTerms()
  var recompute = Recomputation.none
  /// What the record should warn of when the run begins.
  var warnings: [String] = []
  /// How numbers are kept while computing.
  var precision = Precision.fp32
  var fp8: FP8Recipe?
}

/// What has become of a run.
public struct RunReport: Equatable, Sendable {
  public let experiment: Int
  public let outcome: TrainingOutcome
  /// Updates done.
  public let step: Int
  public let loss: Double?
  public let validationLoss: Double?
  /// The newest checkpoint's folder.
  public let checkpoint: Path?
  /// Whether nothing was left to do.
  public let wasFinished: Bool
}
