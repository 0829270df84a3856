/// The constants of the spike detector, and what is to be done about a spike.
public struct SpikePolicy: Equatable, Sendable {
  /// What to do about a spike.
  public enum Action: String, CaseIterable, Sendable {
    /// Record it.
    case record
    /// Leave the updates of its first steps out.
    case skip
    /// The same, and lower the learning rate for a while.
    case lowerRate = "lower_lr"
    /// The same as `skip`; if the curve stays high, go back to an earlier checkpoint and pass the batches over.
    case rollback
    /// The same as `skip`; if the curve stays high, save, keep all checkpoints, and end.
    case stop
  }

  /// The fewest errors that a spread can be taken from.
  static let fewest = 2 * CurveForecast.fewest

  /// Errors of the forecast that its spread is taken from; at least ``fewest``.
  public var window = 128
  /// Values needed before anything counts as high; fewer than ``fewest`` are as good as so many.
  public var warmup = 64
  /// Robust standard deviations that a loss may lie above the expectation.
  public var deviations = 4.9
  /// The same for the logarithm of a gradient norm: one odd document in a small batch is a few, and no harm.
  public var normDeviations = 12.0
  /// The least excess of a loss, as a share of the expected one.
  public var share = 0.003
  /// Steps after which a curve that stays high has a new level.
  public var longest = 40
  /// Steps after a spike within which another belongs to it.
  public var cooldown = 10
  public var action = Action.skip
  /// Updates left out in a row; then the weights are bad themselves, and the plan takes its next step.
  public var patience = 3
  /// What `lower_lr` multiplies the learning rate with, and for how many updates.
  public var rateFactor = 0.5
  public var rateSteps = 100
  /// How far before the spike the checkpoint lies that `rollback` goes back to.
  public var rollbackSteps = 100
  /// Batches passed over after the one at which it went back.
  public var skipBatches = 200
  /// Times it goes back before it gives up.
  public var rollbacks = 3

  public init() {}
}
