import Base

extension RawSpan {
  /// Calls `body` with the bytes, a piece at a time.
  func forEachPiece(_ body: (Span<UInt8>) -> Void) {
    var position = 0
    while position < byteCount {
      let end = Swift.min(byteCount, position + 1 << 16)
      var piece: [UInt8] = []
      piece.reserveCapacity(end - position)
      for offset in position..<end { piece.append(littleEndian(at: offset, as: UInt8.self)) }
      body(piece.span)
      position = end
    }
  }
}
