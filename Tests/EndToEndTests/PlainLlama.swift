import Base
import Formats
import Glibc

/// A Llama in float64, in plain loops, from a checkpoint's two files: what the program's own figures are held
/// against. It shares no code with the program but the reading of safetensors.
///
/// With x the residual stream, a layer is
///
///     x += O · attention(rope(Q·n), rope(K·n), V·n),   n = rms(x)
///     x += D · (silu(G·m) ⊙ (U·m)),                    m = rms(x)
///
/// and the logits are E · rms(x), with E the embedding itself where they are tied.
struct PlainLlama {
  /// A matrix [outputs, inputs], packed four outputs at a time.
  private struct Matrix {
    let outputs, inputs: Int
    let packed: [SIMD4<Double>]

    init(_ values: [Float], outputs: Int) {
      self.outputs = outputs
      inputs = values.count / outputs
      var packed: [SIMD4<Double>] = []
      for block in stride(from: 0, to: outputs, by: 4) {
        for input in 0..<inputs {
          var part = SIMD4<Double>()
          for lane in 0..<min(4, outputs - block) {
            part[lane] = Double(values[(block + lane) * inputs + input])
          }
          packed.append(part)
        }
      }
      self.packed = packed
    }

    /// The products with `rows` vectors, [rows, inputs] → [rows, outputs].
    func callAsFunction(_ x: [Double], rows: Int) -> [Double] {
      var y = [Double](repeating: 0, count: rows * outputs)
      for row in stride(from: 0, to: rows, by: 4) {
        // The last rows are done twice where their number is no multiple of four.
        let first = max(0, min(row, rows - 4))
        let places = (0..<4).map { min(first + $0, rows - 1) * inputs }
        let (a, b, c, d) = (places[0], places[1], places[2], places[3])
        for block in 0..<(outputs + 3) / 4 {
          var sums = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>())
          for input in 0..<inputs {
            let weights = packed[block * inputs + input]
            sums.0 += weights * x[a + input]
            sums.1 += weights * x[b + input]
            sums.2 += weights * x[c + input]
            sums.3 += weights * x[d + input]
          }
          for lane in 0..<min(4, outputs - 4 * block) {
            let output = 4 * block + lane
            y[a / inputs * outputs + output] = sums.0[lane]
            y[b / inputs * outputs + output] = sums.1[lane]
            y[c / inputs * outputs + output] = sums.2[lane]
            y[d / inputs * outputs + output] = sums.3[lane]
          }
        }
      }
      return y
    }
  }

  private struct Layer {
    let attentionNorm, feedForwardNorm: [Double]
    let q, k, v, o, gate, up, down: Matrix
  }

  let context: Int
  private let width, heads, keyHeads, headSize: Int
  private let epsilon, theta: Double
  private let embedding: [Double]
  private let layers: [Layer]
  private let norm: [Double]
  private let head: Matrix

  /// Reads `config.json` and `model.safetensors` of a folder.
  init(_ folder: Path) throws {
    let config = try JSON.read(folder / "config.json")
    func int(_ key: String) throws -> Int { try Self.required(config[key]?.int, key) }
    func double(_ key: String) throws -> Double { try Self.required(config[key]?.double, key) }
    let file = try SafetensorsFile(folder / "model.safetensors")
    func vector(_ name: String) throws -> [Double] { try file.floats(name).map(Double.init) }
    func matrix(_ name: String) throws -> Matrix {
      let shape = try Self.required(file[name]?.shape, name)
      return Matrix(try file.floats(name), outputs: shape[0])
    }
    context = try int("max_position_embeddings")
    width = try int("hidden_size")
    heads = try int("num_attention_heads")
    keyHeads = try int("num_key_value_heads")
    headSize = width / heads
    epsilon = try double("rms_norm_eps")
    theta = try double("rope_theta")
    embedding = try vector("model.embed_tokens.weight")
    norm = try vector("model.norm.weight")
    let isTied = config["tie_word_embeddings"]?.bool == true
    head = try matrix(isTied ? "model.embed_tokens.weight" : "lm_head.weight")
    layers = try (0..<(try int("num_hidden_layers"))).map { number in
      func name(_ part: String) -> String { "model.layers.\(number).\(part).weight" }
      return Layer(
        attentionNorm: try vector(name("input_layernorm")),
        feedForwardNorm: try vector(name("post_attention_layernorm")),
        q: try matrix(name("self_attn.q_proj")), k: try matrix(name("self_attn.k_proj")),
        v: try matrix(name("self_attn.v_proj")), o: try matrix(name("self_attn.o_proj")),
        gate: try matrix(name("mlp.gate_proj")), up: try matrix(name("mlp.up_proj")),
        down: try matrix(name("mlp.down_proj")))
    }
  }

  private static func required<Value>(_ value: Value?, _ name: String) throws -> Value {
    guard let value else { throw Failure("no \(name) in the checkpoint", remedy: "") }
    return value
  }

  /// −ln p of each token of a document but its first, token j predicted from tokens ⌊(j−1)/C⌋·C … j−1.
  func losses(of document: [Int32]) -> [Double] {
    stride(from: 0, to: document.count - 1, by: context).flatMap { start in
      let end = min(start + context, document.count - 1)
      return losses(Array(document[start..<end]), targets: document[start + 1..<end + 1])
    }
  }

  /// −ln p of each target, after the tokens up to its place.
  private func losses(_ tokens: [Int32], targets: ArraySlice<Int32>) -> [Double] {
    let rows = tokens.count
    var x = tokens.flatMap { embedding[Int($0) * width..<(Int($0) + 1) * width] }
    for layer in layers {
      let n = normalised(x, by: layer.attentionNorm)
      let attended = attention(
        rotated(layer.q(n, rows: rows), heads: heads),
        rotated(layer.k(n, rows: rows), heads: keyHeads), layer.v(n, rows: rows), rows: rows)
      add(layer.o(attended, rows: rows), to: &x)
      let m = normalised(x, by: layer.feedForwardNorm)
      let gates = layer.gate(m, rows: rows)
      var inner = layer.up(m, rows: rows)
      for place in inner.indices { inner[place] *= gates[place] / (1 + exp(-gates[place])) }
      add(layer.down(inner, rows: rows), to: &x)
    }
    let logits = head(normalised(x, by: norm), rows: rows)
    return targets.enumerated().map { row, target in
      let own = logits[row * head.outputs..<(row + 1) * head.outputs]
      let largest = own.max() ?? 0
      let sum = own.reduce(0) { $0 + exp($1 - largest) }
      return largest + log(sum) - own[own.startIndex + Int(target)]
    }
  }

  private func add(_ part: [Double], to x: inout [Double]) {
    for place in x.indices { x[place] += part[place] }
  }

  /// w ⊙ x / √(mean x² + ε), row by row.
  private func normalised(_ x: [Double], by weights: [Double]) -> [Double] {
    var y = x
    for start in stride(from: 0, to: x.count, by: width) {
      let squares = x[start..<start + width].reduce(0) { $0 + $1 * $1 }
      let scale = 1 / (squares / Double(width) + epsilon).squareRoot()
      for place in 0..<width { y[start + place] = x[start + place] * scale * weights[place] }
    }
    return y
  }

  /// Turns the pairs (i, i + h/2) of each head by position · θ^(−2i/h).
  private func rotated(_ x: [Double], heads: Int) -> [Double] {
    var y = x
    let half = headSize / 2
    for start in stride(from: 0, to: x.count, by: headSize) {
      let position = Double(start / (heads * headSize))
      for place in 0..<half {
        let angle = position * pow(theta, -Double(2 * place) / Double(headSize))
        let (a, b) = (x[start + place], x[start + place + half])
        y[start + place] = a * cos(angle) - b * sin(angle)
        y[start + place + half] = b * cos(angle) + a * sin(angle)
      }
    }
    return y
  }

  /// softmax(q·k / √h) · v over the places up to each one's own; each key head serves its group of heads.
  private func attention(_ q: [Double], _ k: [Double], _ v: [Double], rows: Int) -> [Double] {
    var y = [Double](repeating: 0, count: rows * heads * headSize)
    for row in 0..<rows {
      for head in 0..<heads {
        let own = (row * heads + head) * headSize
        func key(_ place: Int) -> Int { (place * keyHeads + head * keyHeads / heads) * headSize }
        var weights = (0...row).map { place in
          let other = key(place)
          var product = 0.0
          for index in 0..<headSize { product += q[own + index] * k[other + index] }
          return product / Double(headSize).squareRoot()
        }
        let largest = weights.max() ?? 0
        for place in weights.indices { weights[place] = exp(weights[place] - largest) }
        let sum = weights.reduce(0, +)
        for place in 0...row {
          let (other, share) = (key(place), weights[place] / sum)
          for index in 0..<headSize { y[own + index] += share * v[other + index] }
        }
      }
    }
    return y
  }
}
