/// Looking up the vectors of tokens.
///
///     y[t] = E[ids[t]]
///     dE[ids[t]] += dy[t]      in the order of the rows, so that the bits are always the same
extension Recorder {
  /// The embeddings of `ids`.
  ///
  /// - Parameters:
  ///   - ids: [rows] `index`, each below the table's first size.
  ///   - table: [vocabulary, width].
  /// - Returns: [rows, width].
  public func embedding(_ ids: View, table: Parameter, rows: Rows) -> Tensor {
    let y = tensor(rows: rows, columns: table.shape[1])
    let matrix = parameters.matrix(table)
    step("embedding", [y]) { device, at in
      device.embedding(ids, table: matrix, output: at(y), rows: rows)
    }
    backward { [self] in
      guard let dy = gradient(of: y) else { return }
      let dTable = parameters.gradientMatrix([table])
      step("embeddingGradient", [dy]) { device, at in
        device.embeddingGradient(ids, dOutput: at(dy), dTable: dTable, rows: rows)
      }
    }
    return y
  }
}
