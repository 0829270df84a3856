import Base
import Tensors

/// The gradient's norm in each layer, in model order.
struct LayerNorms {
  let names: [String]
  private let norms: StretchNorms

  /// - Throws: ``Failure`` if the device has not enough memory.
  init(_ parameters: ParameterStore) throws {
    var layers: [(name: String, range: Range<Int>)] = []
    for parameter in parameters.parameters {
      let name = Self.layer(of: parameter.name)
      if layers.last?.name == name {
        layers[layers.count - 1].range =
          layers[layers.count - 1].range.lowerBound..<parameter.range.upperBound
      } else {
        layers.append((name, parameter.range))
      }
    }
    names = layers.map(\.name)
    norms = try StretchNorms(parameters, stretches: layers.map(\.range))
  }

  /// The norms of the gradient as it is now.
  func measure() -> [(name: String, norm: Double)] {
    Array(zip(names, norms.measure())).map { (name: $0.0, norm: $0.1) }
  }

  /// The layer a parameter is of: `model.layers.3` of `model.layers.3.mlp.up_proj.weight`.
  static func layer(of parameter: String) -> String {
    let parts = parameter.split(separator: ".")
    if let place = parts.firstIndex(where: { Int($0) != nil }) {
      return parts[...place].joined(separator: ".")
    }
    return parts.last == "weight" ? parts.dropLast().joined(separator: ".") : parameter
  }
}
