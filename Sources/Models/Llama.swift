import Base
public import Tensors

/// Llama: a pre-norm transformer with rotary positions, grouped queries and a gated feed-forward layer
/// (Touvron et al., 2023); with biases of attention and norms of queries and keys where the shape has them.
///
/// Parameters bear their Hugging Face names and lie in the order of ``parameters``, so that q, k, v and
/// gate, up are one product each.
public struct Llama: Sendable {
  /// Its shape.
  public let config: LlamaConfig

  /// A model of a shape; the numbers live in a ``ParameterStore``.
  public init(_ config: LlamaConfig) { self.config = config }

  /// Every parameter in model order.
  public var parameters: [ParameterSpec] {
    let width = config.hiddenSize
    let queries = config.attentionHeads * config.headSize
    let keys = config.keyValueHeads * config.headSize
    var specs = [
      ParameterSpec(
        Self.embedding, [config.vocabSize, width], decays: config.decaysEmbeddings, isTable: true)
    ]
    for layer in 0..<config.hiddenLayers {
      let name = Self.names(of: layer)
      specs += [
        ParameterSpec(name("input_layernorm"), [width], decays: false),
        ParameterSpec(name("self_attn.q_proj"), [queries, width], decays: true),
        ParameterSpec(name("self_attn.k_proj"), [keys, width], decays: true),
        ParameterSpec(name("self_attn.v_proj"), [keys, width], decays: true),
      ]
      if config.hasAttentionBias {
        let bias = Self.biases(of: layer)
        specs += [
          ParameterSpec(bias("q_proj"), [queries], decays: false),
          ParameterSpec(bias("k_proj"), [keys], decays: false),
          ParameterSpec(bias("v_proj"), [keys], decays: false),
          ParameterSpec(bias("o_proj"), [width], decays: false),
        ]
      }
      if config.normalisesQueriesAndKeys {
        specs += ["self_attn.q_norm", "self_attn.k_norm"].map {
          ParameterSpec(name($0), [config.headSize], decays: false)
        }
      }
      specs += [
        ParameterSpec(name("self_attn.o_proj"), [width, queries], decays: true),
        ParameterSpec(name("post_attention_layernorm"), [width], decays: false),
        ParameterSpec(name("mlp.gate_proj"), [config.intermediateSize, width], decays: true),
        ParameterSpec(name("mlp.up_proj"), [config.intermediateSize, width], decays: true),
        ParameterSpec(name("mlp.down_proj"), [width, config.intermediateSize], decays: true),
      ]
    }
    specs.append(ParameterSpec(Self.norm, [width], decays: false))
    if !config.tiesEmbeddings {
      specs.append(
        ParameterSpec("lm_head.weight", [config.vocabSize, width], decays: true, isTable: true))
    }
    return specs
  }

  static let embedding = "model.embed_tokens.weight"
  static let norm = "model.norm.weight"

  /// The name of the output matrix: the embedding itself if they are tied.
  var head: String { config.tiesEmbeddings ? Self.embedding : "lm_head.weight" }

  static func names(of layer: Int) -> (String) -> String {
    { "model.layers.\(layer).\($0).weight" }
  }

  /// Names of the biases of a layer's attention.
  static func biases(of layer: Int) -> (String) -> String {
    { "model.layers.\(layer).self_attn.\($0).bias" }
  }

  var attentionShape: AttentionShape {
    AttentionShape(
      heads: config.attentionHeads, keyHeads: config.keyValueHeads, headSize: config.headSize)
  }

  /// Makes the store of a new model: norms 1, biases 0, everything else normal with σ = 0.02, and 0.02 / √(2·layers)
  /// for the two matrices a layer adds to the residual stream.
  ///
  /// - Parameter seed: Each number depends on it, the parameter's place and the element's, on nothing else.
  /// - Throws: `Failure` if the device has not enough memory.
  public func initialise(on device: any Device, seed: UInt64) throws -> ParameterStore {
    let store = try ParameterStore(parameters, on: device)
    for (place, parameter) in store.parameters.enumerated() {
      if parameter.name.hasSuffix(".bias") { continue }
      guard parameter.shape.count > 1 else {
        try store.write([Float](repeating: 1, count: parameter.range.count), to: parameter)
        continue
      }
      let entersResidual =
        parameter.name.hasSuffix("o_proj.weight") || parameter.name.hasSuffix("down_proj.weight")
      let deviation =
        0.02 / (entersResidual ? Double(2 * config.hiddenLayers).squareRoot() : 1)
      let random = CounterRandom(seed: seed, purpose: Self.initialisation, step: UInt64(place))
      let numbers = (0..<parameter.range.count).map {
        Float(deviation * random.normal(UInt64($0)))
      }
      try store.write(numbers, to: parameter)
    }
    return store
  }

  /// Makes the store of a model from a file's tensors; `source` calls its argument with each.
  ///
  /// - Throws: `Failure` naming a tensor that is unknown, missing or of another shape, or if the device has not
  ///   enough memory.
  public func load(
    on device: any Device,
    from source: (_ take: (String, [Int], [Float]) throws -> Void) throws -> Void
  ) throws -> ParameterStore {
    let store = try ParameterStore(parameters, on: device)
    try load(into: store, from: source)
    return store
  }

  /// The same into parameters that are there already.
  func load(
    into store: ParameterStore,
    from source: (_ take: (String, [Int], [Float]) throws -> Void) throws -> Void
  ) throws {
    // Old files carry the angles' frequencies; tied ones may repeat the embedding as the head.
    let extra = ["rotary_emb.inv_freq"] + (config.tiesEmbeddings ? ["lm_head.weight"] : [])
    try store.load(ignoring: extra, from: source)
  }

  /// The purpose of the random numbers that initialise weights.
  private static let initialisation: UInt32 = 0x494E_4954  // "INIT"

  // MARK: The model

  /// Where attention finds its keys.
  enum Context {
    /// Among the rows of this run, from the `first` row of each row's own sequence.
    case rows(first: View)
    /// In caches of a key and a value matrix a layer; `at` is the row's own place in them.
    case cache(first: View, at: View, layers: [(keys: Tensor, values: Tensor)])
  }

  /// The hidden states after the last norm, [rows, hiddenSize].
  ///
  /// - Parameters:
  ///   - ids: [rows] token ids.
  ///   - positions: [rows], from 0 in each sequence, below `longest`.
  ///   - dropoutKey: Seed and step for ``Recorder/dropout(_:rate:purpose:key:)``; nil: no dropout.
  ///   - recompute: What the backward pass computes again in each layer.
  ///   - watch: Told what leaves the embedding, each layer and the last norm, under the name of the module.
  func hidden(
    _ r: Recorder, ids: View, positions: View, longest: Int, context: Context, rows: Rows,
    dropoutKey: View? = nil, recompute: Recomputation = .none,
    watch: (String, Tensor) -> Void = { _, _ in }
  ) throws -> Tensor {
    let angles = try r.rotations(
      RopeScaling.angles(config.ropeScaling, headSize: config.headSize, theta: config.ropeTheta),
      positions: longest)
    let p = r.parameters
    var x = r.embedding(ids, table: p[Self.embedding], rows: rows)
    watch("model.embed_tokens", x)
    for index in 0..<config.hiddenLayers {
      x = r.recomputing(recompute) {
        layer(
          index, r, x, context: context, positions: positions, longest: longest, angles: angles,
          dropoutKey: dropoutKey)
      }
      watch("model.layers.\(index)", x)
    }
    let result = r.rmsNorm(x, gain: p[Self.norm], epsilon: config.rmsNormEpsilon)
    watch("model.norm", result)
    return result
  }

  /// One layer: attention and the gated unit, each of a normalised x and added to it.
  private func layer(
    _ layer: Int, _ r: Recorder, _ x: Tensor, context: Context, positions: View, longest: Int,
    angles: View, dropoutKey: View?
  ) -> Tensor {
    let name = Self.names(of: layer)
    func weight(_ part: String) -> Parameter { r.parameters[name(part)] }
    func bias(_ parts: String...) -> [Parameter] {
      config.hasAttentionBias ? parts.map { r.parameters[Self.biases(of: layer)($0)] } : []
    }
    func norm(_ x: Tensor, _ part: String) -> Tensor {
      r.rmsNorm(x, gain: weight(part), epsilon: config.rmsNormEpsilon)
    }

    let keyColumns = config.keyValueHeads * config.headSize
    let qkv = r.linear(
      norm(x, "input_layernorm"), weight("self_attn.q_proj"), weight("self_attn.k_proj"),
      weight("self_attn.v_proj"), bias: bias("q_proj", "k_proj", "v_proj"))
    let parts = qkv.split([qkv.columns - 2 * keyColumns, keyColumns, keyColumns])
    var (q, k) = (parts[0], parts[1])
    let v = parts[2]
    if config.normalisesQueriesAndKeys {
      q = norm(q, "self_attn.q_norm")
      k = norm(k, "self_attn.k_norm")
    }
    r.rope(q, headSize: config.headSize, positions: positions, table: angles)
    r.rope(k, headSize: config.headSize, positions: positions, table: angles)
    let attended: Tensor
    switch context {
    case .rows(let first):
      attended = r.attention(
        q, k, v, shape: attentionShape, mask: AttentionMask(first: first, longest: longest))
    case .cache(let first, let at, let layers):
      let (keys, values) = layers[layer]
      r.store(k, in: keys, at: at)
      r.store(v, in: values, at: at)
      attended = r.attention(
        q, keys, values, shape: attentionShape,
        mask: AttentionMask(first: first, last: at, longest: longest))
    }
    let y = residual(
      r, attended, weight("self_attn.o_proj"), bias("o_proj"), x, purpose: UInt32(2 * layer),
      dropoutKey)

    let gateUp = r.linear(
      norm(y, "post_attention_layernorm"), weight("mlp.gate_proj"), weight("mlp.up_proj")
    ).split([config.intermediateSize, config.intermediateSize])
    return residual(
      r, r.swiglu(gateUp[0], gateUp[1]), weight("mlp.down_proj"), [], y,
      purpose: UInt32(2 * layer + 1), dropoutKey)
  }

  /// x + dropout(branch·Wᵀ + b).
  private func residual(
    _ r: Recorder, _ branch: Tensor, _ weight: Parameter, _ bias: [Parameter], _ x: Tensor,
    purpose: UInt32, _ dropoutKey: View?
  ) -> Tensor {
    guard let dropoutKey, config.residualDropout > 0 else {
      return r.linear(branch, weight, bias: bias, residual: x)
    }
    let y = r.linear(branch, weight, bias: bias)
    r.dropout(y, rate: config.residualDropout, purpose: purpose, key: dropoutKey)
    return r.adding(x, to: y)
  }
}
