/// How the ranks that train one model together exchange numbers.
///
/// Each rank has all weights, a gradient of its own sequences, and a slice of the flat memory whose weights it updates:
/// gradients are added up where they are needed, and new weights go to all (Rajbhandari et al., 2020). Sums are taken in
/// the order of the ranks, so that every rank has the same bits.
public protocol Communicator: AnyObject, Sendable {
  /// This process's place among the ranks, from 0.
  var rank: Int { get }
  /// How many there are.
  var ranks: Int { get }

  /// Adds up the ranks' gradients; of the result each rank gets its slice, the rest is left as it may be.
  ///
  /// - Throws: `Failure` if a rank is lost.
  func reduce(_ gradient: View, slice: Range<Int>) throws
  /// Adds up a few numbers of the ranks; all get the sums.
  ///
  /// - Throws: `Failure` if a rank is lost.
  func sum(_ numbers: View) throws
  /// Gives all ranks the weights of every rank's slice.
  ///
  /// - Throws: `Failure` if a rank is lost.
  func gather(_ weights: Weights, slice: Range<Int>) throws
}

extension Communicator {
  /// The elements that are this rank's to update: whole blocks, for partial sums are of blocks.
  func slice(of parameters: ParameterStore) -> Range<Int> {
    let count = parameters.paddedCount / ranks
    precondition(
      count * ranks == parameters.paddedCount && count % ParameterStore.block == 0,
      "\(parameters.paddedCount) numbers are no whole blocks for \(ranks) ranks")
    return rank * count..<(rank + 1) * count
  }
}

/// One process, which has nobody to exchange numbers with.
public final class SingleProcess: Communicator {
  public let rank = 0
  public let ranks = 1

  public init() {}

  public func reduce(_ gradient: View, slice: Range<Int>) {}
  public func sum(_ numbers: View) {}
  public func gather(_ weights: Weights, slice: Range<Int>) {}
}
