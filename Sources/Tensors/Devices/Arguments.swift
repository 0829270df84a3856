/// The sizes of an attention.
public struct AttentionShape: Sendable, Equatable {
  /// Query heads.
  public let heads: Int
  /// Key and value heads; divides `heads`. Query head h uses key head ⌊h / (heads / keyHeads)⌋.
  public let keyHeads: Int
  /// Elements of one head.
  public let headSize: Int
  /// Whether a row sees the rows behind it no more than those of other documents.
  public let isCausal: Bool

  /// Describes an attention; `keyHeads` must divide `heads`.
  public init(heads: Int, keyHeads: Int, headSize: Int, isCausal: Bool = true) {
    precondition(heads % keyHeads == 0, "\(heads) heads cannot share \(keyHeads) key heads")
    precondition(headSize <= 256, "head size \(headSize) is above 256")
    self.heads = heads
    self.keyHeads = keyHeads
    self.headSize = headSize
    self.isCausal = isCausal
  }

  /// Query heads that share one key head.
  public var group: Int { heads / keyHeads }
  /// What scores are multiplied by: 1 / √headSize.
  public var scale: Double { 1 / Double(headSize).squareRoot() }
}

/// Which keys each query sees: the key rows first[t] … last[t].
///
/// A batch of sequences and a pack of documents are the same thing here: first[t] is the row at which the
/// sequence of row t begins. Without causality row t sees all rows whose first is its own.
public struct AttentionMask: Sendable {
  /// [rows] `index`: the first key row.
  public let first: View
  /// [rows] `index`: the last key row, the query's own; nil: row t itself.
  public let last: View?
  /// Rows of the longest sequence, for costs alone; nil: not known.
  public let longest: Int?

  /// Describes a mask.
  public init(first: View, last: View? = nil, longest: Int? = nil) {
    self.first = first
    self.last = last
    self.longest = longest
  }
}

/// All that the backward pass of attention reads and writes.
public struct AttentionGradient: Sendable {
  public let dOutput, q, k, v, output: Matrix
  /// [rows, heads], as the forward pass left it.
  public let logSumExp: Matrix
  /// [rows]: the mask's `first`.
  public let first: View
  /// Overwritten.
  public let dq, dk, dv: Matrix
  /// Room for ``Device/attentionScratch(rows:shape:)``.
  public let scratch: View
}

/// What a loss has beside the cross-entropy.
public struct LossTerms: Sendable, Equatable {
  /// The factor of the squared logarithm of the softmax's denominator, which keeps logits from drifting.
  public var z: Double
  /// The share of each target that all tokens have evenly.
  public var smoothing: Double

  /// Terms; zero: the plain cross-entropy.
  public init(z: Double = 0, smoothing: Double = 0) {
    self.z = z
    self.smoothing = smoothing
  }
}

/// All that the fused head and loss reads and writes.
public struct CrossEntropyHead: Sendable {
  /// [rows, width].
  public let hidden: Matrix
  /// [vocabulary, width].
  public let weight: Matrix
  /// [rows] `index`; −100 is ignored.
  public let targets: View
  /// [rows]: what each row's loss is multiplied by in the gradient.
  public let weights: View
  /// What the loss has beside the cross-entropy.
  public let terms: LossTerms
  /// [rows], overwritten: −log p(target) with the terms, not weighted; 0 for ignored rows.
  public let losses: View
  /// Room for ``Device/headChunk(vocabulary:)`` rows of logits.
  public let logits: View
  /// Room for ``Device/headScratch(rows:width:vocabulary:)``.
  public let scratch: View
  /// [rows, width], overwritten; nil: no gradient is wanted.
  public let dHidden: Matrix?
  /// [vocabulary, width], added to.
  public let dWeight: Matrix?
}

/// A stretch of the flat parameter memory that is decayed, or not, as one.
public struct UpdatePiece: Sendable {
  public let range: Range<Int>
  public let decays: Bool
  /// Where its second moment begins, if the rule has one.
  public let second: Int
}

/// All that the optimiser's pass reads and writes: views of equal layout, but for the second moment.
public struct UpdateStep: Sendable {
  /// How each piece is updated; not muon.
  public let rule: OptimizerRule
  /// Disjoint, none above 65,536 elements.
  public let pieces: [UpdatePiece]
  public let weights: Weights
  public let gradient, first: View
  /// The second moments of the pieces one after another, where the rule has them.
  public let second: View?
  /// ``StepControl`` as reals.
  public let control: View
  /// ``StepOutcome`` as reals.
  public let outcome: View
  /// [3] `index`: seed, its upper half, and the step, where weights are rounded at random.
  public let key: View?
}

/// The matrices that muon makes orthogonal, of the layout of an ``UpdateStep``.
public struct OrthogonalStep: Sendable {
  public let matrices: [Parameter]
  /// Room for ``Device/orthogonalScratch(rows:columns:)`` of the largest.
  public let scratch: View
}
