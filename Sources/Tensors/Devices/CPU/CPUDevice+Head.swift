import Base
import CKernels

/// The output layer and its loss, a chunk of tokens at a time.
///
/// Logits lie class after class: then the weight, the largest matrix there is, is the left-hand side and is read
/// where it lies, and what a chunk does to a stretch of classes meets it in the cache.
extension CPUDevice {
  public func headChunk(vocabulary: Int) -> Int {
    // About 64 MB of logits: enough tokens that reading the weight again for each chunk costs little.
    max(256, min(1024, (1 << 24) / vocabulary / 128 * 128))
  }

  public func headScratch(rows: Int, width: Int, vocabulary: Int) -> Int {
    HeadRoom(self, tokens: rows, width: width, classes: vocabulary).count
  }

  public func crossEntropyHead(_ head: CrossEntropyHead, rows: Rows) {
    let classes = head.weight.view.count / head.weight.columns
    let chunk = min(rows.capacity, headChunk(vocabulary: classes))
    let room = HeadRoom(self, tokens: chunk, width: head.hidden.columns, classes: classes)
    let live = rows.count
    for row in stride(from: 0, to: live, by: chunk) {
      let part = HeadChunk(
        head: head, classes: classes, row: row, tokens: min(chunk, live - row), room: room)
      headLogits(part)
      headLosses(part)
      headGradient(part)
    }
  }

  /// The logits, and of each tile of classes what the softmax needs while the tile is in the cache.
  private func headLogits(_ part: HeadChunk) {
    let (pack, gemm) = unsafe productKernels
    let (head, n, tile) = (part.head, part.tokens, Self.rowTile)
    let packed = unsafe part.floats(part.room.packed)
    let sums = unsafe head.terms.smoothing == 0 ? nil : part.floats(part.room.sums)
    let (peaks, totals) = unsafe (part.floats(part.room.peaks), part.floats(part.room.totals))
    let tokens = unsafe part.kernelTokens
    let width = head.hidden.columns
    for k in stride(from: 0, to: width, by: Self.depth) {
      let depth = Int64(min(Self.depth, width - k))
      let hidden = unsafe side(head.hidden, row: part.row, transposed: true).from(row: k)
      chunks(n, panel) { range in
        unsafe pack(
          hidden, depth, Int64(n), Int64(range.lowerBound), Int64(range.upperBound), packed)
      }
      pool.run((part.classes + tile - 1) / tile) { index in
        let first = index * tile
        let count = Int64(min(tile, part.classes - first))
        for begin in stride(from: 0, to: n, by: taskColumns(n)) {
          unsafe gemm(
            count, depth, side(head.weight, row: first).from(column: k), packed, Int64(begin),
            Int64(min(n, begin + taskColumns(n))), part.logits.from(row: first), k > 0)
        }
        guard k + Int(depth) == width else { return }
        unsafe kernels.softmax_part(
          Int64(first), count, Int64(n), head.logits.floats + first * n, n, tokens.targets,
          tokens.chosen, peaks + index * n, totals + index * n, sums.map { unsafe $0 + index * n })
      }
    }
  }

  private func headLosses(_ part: HeadChunk) {
    let terms = part.head.terms
    let parts = (part.classes + Self.rowTile - 1) / Self.rowTile
    let room = part.room
    chunks(part.tokens, 64) { range in
      unsafe kernels.cross_entropy(
        Int64(parts), Int64(part.classes), Int64(part.tokens), Int64(range.lowerBound),
        Int64(range.upperBound), part.floats(room.peaks), part.floats(room.totals),
        terms.smoothing == 0 ? nil : part.floats(room.sums),
        kaji_loss(z: Float(terms.z), smoothing: Float(terms.smoothing)), part.kernelTokens,
        part.head.losses.floats + part.row)
    }
  }

  /// The gradients, a stretch of classes at a time: that of its logits, then at once what it adds to the weight's and
  /// to the hidden states'.
  private func headGradient(_ part: HeadChunk) {
    guard let dHidden = part.head.dHidden, let dWeight = part.head.dWeight else { return }
    let (pack, gemm) = unsafe productKernels
    let (head, room, n, tile) = (part.head, part.room, part.tokens, Self.rowTile)
    let width = head.hidden.columns
    let (columns, packColumns) = (taskColumns(width), panel * 4)
    let (packedHidden, packedWeight) = unsafe (
      part.floats(room.packedHidden), part.floats(room.packedWeight)
    )
    let hidden = unsafe side(head.hidden, row: part.row)
    chunks(width, packColumns) { range in
      unsafe pack(
        hidden, Int64(n), Int64(width), Int64(range.lowerBound), Int64(range.upperBound),
        packedHidden)
    }
    let isHalf = dHidden.view.isHalf
    let sums = isHalf ? Matrix(head.scratch.slice(room.hiddenSums), columns: width) : dHidden
    let hiddenTiles = (n + tile / 2 - 1) / (tile / 2)
    for first in stride(from: 0, to: part.classes, by: room.stretch) {
      let count = min(room.stretch, part.classes - first)
      let tiles = (count + tile - 1) / tile
      pool.run(tiles + (width + packColumns - 1) / packColumns) { task in
        guard task < tiles else {
          let begin = (task - tiles) * packColumns
          unsafe pack(
            side(head.weight, row: first), Int64(count), Int64(width), Int64(begin),
            Int64(min(width, begin + packColumns)), packedWeight)
          return
        }
        let (at, rows) = (first + task * tile, Int64(min(tile, count - task * tile)))
        let gradient = unsafe part.gradient(isHalf: isHalf).from(row: task * tile)
        unsafe kernels.cross_entropy_gradient(
          Int64(at), rows, Int64(n), head.logits.floats + at * n, n, part.kernelTokens,
          gradient.base, isHalf)
        for begin in stride(from: 0, to: width, by: columns) {
          unsafe gemm(
            rows, Int64(n), gradient, packedHidden, Int64(begin),
            Int64(min(width, begin + columns)), side(dWeight, row: at), true)
        }
      }
      let across = (width + columns - 1) / columns
      pool.run(hiddenTiles * across) { task in
        let (row, begin) = (task / across * (tile / 2), task % across * columns)
        unsafe gemm(
          Int64(min(tile / 2, n - row)), Int64(count),
          part.gradient(isHalf: isHalf, transposed: true).from(row: row), packedWeight,
          Int64(begin), Int64(min(width, begin + columns)),
          side(sums, row: isHalf ? row : part.row + row), first > 0)
      }
    }
    guard isHalf else { return }
    chunks(n, 32) { range in
      for t in range {
        unsafe kernels.narrow(
          Int64(width), sums.floats + t * width, dHidden.at(part.row + t), false)
      }
    }
  }
}

/// A chunk of tokens on its way through the head.
private struct HeadChunk {
  let head: CrossEntropyHead
  let classes: Int
  /// The first token's row, and how many follow.
  let row, tokens: Int
  let room: HeadRoom

  func floats(_ range: Range<Int>) -> UnsafeMutablePointer<Float> {
    unsafe head.scratch.slice(range).floats
  }

  /// [classes, tokens].
  var logits: kaji_matrix {
    unsafe kaji_matrix(
      base: head.logits.floats, stride: tokens, transposed: false, is_half: false)
  }

  /// The gradient of a stretch of the logits, [stretch, tokens].
  func gradient(isHalf: Bool, transposed: Bool = false) -> kaji_matrix {
    unsafe kaji_matrix(
      base: floats(room.gradient), stride: tokens, transposed: transposed, is_half: isHalf)
  }

  var kernelTokens: kaji_tokens {
    let numbers = unsafe floats(room.tokens)
    return unsafe kaji_tokens(
      targets: head.targets.indices + row, scales: head.weights.floats + row, chosen: numbers,
      peak: numbers + tokens, factor: numbers + 2 * tokens, even: numbers + 3 * tokens,
      correct: numbers + 4 * tokens)
  }
}

/// How the scratch of the head is divided.
private struct HeadRoom {
  /// Classes whose gradient is there at once: a multiple of the kernels' blocks, about 2 MB.
  let stretch: Int
  /// The hidden states packed for the logits; later, in its place, for the weight's gradient, and the weight.
  let packed, packedHidden, packedWeight: Range<Int>
  /// [tiles of classes, tokens].
  let peaks, totals, sums: Range<Int>
  /// Five numbers a token.
  let tokens: Range<Int>
  let gradient: Range<Int>
  /// The gradient of the hidden states until it is whole, where it is bf16.
  let hiddenSums: Range<Int>
  let count: Int

  init(_ device: CPUDevice, tokens rows: Int, width: Int, classes: Int) {
    stretch = max(512, min(2048, (1 << 19) / max(1, rows) / 512 * 512))
    let tiles = (classes + CPUDevice.rowTile - 1) / CPUDevice.rowTile
    var end = 0
    func take(_ count: Int) -> Range<Int> {
      defer { end += count }
      return end..<end + count
    }
    packedHidden = take(device.padded(width) * rows)
    packedWeight = take(device.padded(width) * stretch)
    packed = 0..<device.padded(rows) * min(width, CPUDevice.depth)
    end = max(end, packed.upperBound)
    peaks = take(tiles * rows)
    totals = take(tiles * rows)
    sums = take(tiles * rows)
    tokens = take(5 * rows)
    gradient = take(stretch * rows)
    hiddenSums = take(device.precision.isHalf ? rows * width : 0)
    count = end
  }
}
