/// Decodes snappy blocks (google/snappy, format_description.txt).
enum Snappy {
  /// The plain bytes of a block.
  ///
  /// - Parameter size: how many there must be; more is an error before it costs memory.
  /// - Throws: ``DamagedData`` saying what is wrong.
  static func decode(_ input: [UInt8], size: Int) throws(DamagedData) -> [UInt8] {
    var place = 0
    func byte() throws(DamagedData) -> Int {
      guard place < input.count else { throw DamagedData(reason: "a snappy block is cut off") }
      place += 1
      return Int(input[place - 1])
    }
    func number(_ bytes: Int) throws(DamagedData) -> Int {
      var value = 0
      for index in 0..<bytes { value |= try byte() << (8 * index) }
      return value
    }
    var length = 0
    var shift = 0
    while true {
      let part = try byte()
      length |= (part & 0x7F) << shift
      shift += 7
      if part < 0x80 { break }
      guard shift < 35 else { throw DamagedData(reason: "a snappy block of no valid length") }
    }
    guard length == size else {
      throw DamagedData(reason: "a snappy block of \(length) bytes where \(size) were announced")
    }
    var output: [UInt8] = []
    while place < input.count {
      let tag = try byte()
      if tag & 3 == 0 {
        let short = tag >> 2
        let count = try short < 60 ? short + 1 : number(short - 59) + 1
        guard count <= input.count - place, count <= size - output.count else {
          throw DamagedData(reason: "a snappy literal of \(count) bytes that are not there")
        }
        output += input[place..<place + count]
        place += count
        continue
      }
      let (count, distance): (Int, Int)
      switch tag & 3 {
      case 1: (count, distance) = ((tag >> 2 & 7) + 4, try byte() | (tag >> 5) << 8)
      case 2: (count, distance) = ((tag >> 2) + 1, try number(2))
      default: (count, distance) = ((tag >> 2) + 1, try number(4))
      }
      guard distance > 0, distance <= output.count, count <= size - output.count else {
        throw DamagedData(reason: "a snappy copy of \(count) bytes from \(distance) before")
      }
      // The two may overlap: what was copied is copied again.
      for _ in 0..<count { output.append(output[output.count - distance]) }
    }
    guard output.count == size else { throw DamagedData(reason: "a snappy block is cut off") }
    return output
  }
}
