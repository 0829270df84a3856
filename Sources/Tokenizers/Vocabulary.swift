/// The pieces of a tokenizer by id, and ids by piece.
///
/// All pieces lie in one byte array, and the way back is an open hash table over it, so that a
/// vocabulary of 100,000 costs a few megabytes and pieces that are only canonically equivalent (a
/// letter and its decomposed form) stay apart, as they do in every other tokenizer.
public struct Vocabulary: Sendable {
  /// What a piece is for.
  public enum Kind: UInt8, Sendable {
    case normal, unknown, control, userDefined, unused, byte
  }

  private let storage: [UInt8]
  private let offsets: [Int]
  private let kinds: [Kind]
  private let table: [Int32]

  /// The pieces in the order of their ids, each with its kind.
  ///
  /// Of two equal pieces the first keeps the name.
  public init(_ pieces: some Collection<(text: String, kind: Kind)>) {
    var storage: [UInt8] = []
    var offsets = [0]
    var kinds: [Kind] = []
    offsets.reserveCapacity(pieces.count + 1)
    kinds.reserveCapacity(pieces.count)
    for piece in pieces {
      storage.append(contentsOf: piece.text.utf8)
      offsets.append(storage.count)
      kinds.append(piece.kind)
    }
    var size = 8
    while size < 2 * pieces.count { size *= 2 }
    var table = [Int32](repeating: -1, count: size)
    insertion: for id in 0..<kinds.count {
      let piece = storage[offsets[id]..<offsets[id + 1]]
      var slot = Self.hash(piece) & (size - 1)
      while table[slot] >= 0 {
        let other = Int(table[slot])
        if storage[offsets[other]..<offsets[other + 1]] == piece { continue insertion }
        slot = (slot + 1) & (size - 1)
      }
      table[slot] = Int32(id)
    }
    self.storage = storage
    self.offsets = offsets
    self.kinds = kinds
    self.table = table
  }

  /// The number of pieces.
  public var count: Int { kinds.count }

  /// The piece with that id, as it is written in the vocabulary; "" for an id out of range.
  public func piece(_ id: Int32) -> String { String(decoding: utf8(id), as: UTF8.self) }

  /// The bytes of the piece with that id; none for an id out of range.
  public func utf8(_ id: Int32) -> ArraySlice<UInt8> {
    guard id >= 0, id < Int32(count) else { return [] }
    return storage[offsets[Int(id)]..<offsets[Int(id) + 1]]
  }

  /// What the piece is for; ids out of range count as unused.
  public func kind(_ id: Int32) -> Kind {
    id >= 0 && id < Int32(count) ? kinds[Int(id)] : .unused
  }

  /// The id of `piece`, or `nil` if it is not in the vocabulary.
  public func id(of piece: String) -> Int32? { id(of: Array(piece.utf8)[...]) }

  /// The id of the piece with those bytes.
  public func id(of piece: ArraySlice<UInt8>) -> Int32? {
    var slot = Self.hash(piece) & (table.count - 1)
    while table[slot] >= 0 {
      if utf8(table[slot]) == piece { return table[slot] }
      slot = (slot + 1) & (table.count - 1)
    }
    return nil
  }

  /// The ids of the 256 byte pieces `<0x00>` … `<0xFF>`, or `nil` unless all are there.
  public func byteIDs() -> [Int32]? {
    var ids: [Int32] = []
    for byte in 0...255 {
      guard let id = id(of: Self.bytePiece(UInt8(byte))) else { return nil }
      ids.append(id)
    }
    return ids
  }

  /// How the piece for one byte is written: `<0x41>`.
  public static func bytePiece(_ byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF")
    return "<0x\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])>"
  }

  /// The byte that a piece written `<0x41>` stands for.
  static func byte(ofPiece piece: ArraySlice<UInt8>) -> UInt8? {
    guard piece.count == 6, piece.starts(with: "<0x".utf8), piece.last == UInt8(ascii: ">") else {
      return nil
    }
    func digit(_ c: UInt8) -> UInt8? {
      switch c {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): c - UInt8(ascii: "0")
      case UInt8(ascii: "A")...UInt8(ascii: "F"): c - UInt8(ascii: "A") + 10
      default: nil
      }
    }
    let start = piece.startIndex
    guard let high = digit(piece[start + 3]), let low = digit(piece[start + 4]) else { return nil }
    return high << 4 | low
  }

  /// FNV-1a in 31 bits, which is enough for tables of pieces and words: they are short, and nobody gains by making
  /// them collide.
  static func hash(_ bytes: ArraySlice<UInt8>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7fff_ffff)
  }
}
