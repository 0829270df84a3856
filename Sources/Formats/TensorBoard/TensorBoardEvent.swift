import Base

/// One event of a TensorBoard event file.
public struct TensorBoardEvent: Equatable, Sendable {
  /// Seconds since 1970.
  public var wallTime: Double
  public var step: Int
  /// The file's version, in its first event: `brain.Event:2`.
  public var fileVersion: String?
  /// The numbers that it records, by the names of their curves.
  public var scalars: [Scalar]

  public struct Scalar: Equatable, Sendable {
    public var tag: String
    public var value: Float

    public init(_ tag: String, _ value: Float) {
      self.tag = tag
      self.value = value
    }
  }

  public init(wallTime: Double, step: Int, fileVersion: String? = nil, scalars: [Scalar] = []) {
    self.wallTime = wallTime
    self.step = step
    self.fileVersion = fileVersion
    self.scalars = scalars
  }
}

extension TensorBoardEvent {
  /// Parses an `Event` message (tensorflow/tensorboard, event.proto and summary.proto).
  ///
  /// Values that are no single numbers, as histograms, are left out.
  init(parsing bytes: [UInt8]) throws(Failure) {
    self.init(wallTime: 0, step: 0)
    var reader = ProtobufReader(bytes[...], what: "the event")
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .fixed64(let bits)): wallTime = Double(bitPattern: bits)
      case (2, .varint(let bits)): step = Int(Int64(bitPattern: bits))
      case (3, .bytes): fileVersion = field.text
      case (5, .bytes(let summary)):
        var values = ProtobufReader(summary[...], what: "the summary")
        while let value = try values.next() {
          if value.number == 1, let message = value.bytes, let scalar = try Self.scalar(message) {
            scalars.append(scalar)
          }
        }
      default: break
      }
    }
  }

  private static func scalar(_ message: [UInt8]) throws(Failure) -> Scalar? {
    var reader = ProtobufReader(message[...], what: "the summary's value")
    var tag = ""
    var number: Float?
    while let field = try reader.next() {
      switch field.number {
      case 1: tag = field.text ?? tag
      case 2: number = field.float ?? number
      case 8: if let tensor = field.bytes { number = try Self.number(ofTensor: tensor) ?? number }
      default: break
      }
    }
    return number.map { Scalar(tag, $0) }
  }

  /// The number of a tensor of one element, as newer writers store scalars.
  private static func number(ofTensor message: [UInt8]) throws(Failure) -> Float? {
    var reader = ProtobufReader(message[...], what: "the summary's tensor")
    var type = 0
    var content: [UInt8] = []
    var listed: Float?
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .varint(let bits)): type = Int(truncatingIfNeeded: bits)
      case (4, .bytes(let bytes)): content = bytes
      case (5, .fixed32(let bits)): listed = Float(bitPattern: bits)
      case (5, .bytes(let bytes)) where bytes.count == 4: (type, content) = (1, bytes)
      case (6, .fixed64(let bits)): listed = Float(Double(bitPattern: bits))
      case (6, .bytes(let bytes)) where bytes.count == 8: (type, content) = (2, bytes)
      default: break
      }
    }
    switch (type, content.count) {
    case (1, 4): return Float(bitPattern: content.littleEndian(at: 0, as: UInt32.self))
    case (2, 8): return Float(Double(bitPattern: content.littleEndian(at: 0, as: UInt64.self)))
    default: return listed
    }
  }

  /// The message's bytes.
  var serialized: [UInt8] {
    var writer = ProtobufWriter()
    writer.write(ProtobufField(number: 1, value: .fixed64(wallTime.bitPattern)))
    if step != 0 { writer.write(2, integer: UInt64(bitPattern: Int64(step))) }
    if let fileVersion { writer.write(3, bytes: fileVersion.utf8) }
    if !scalars.isEmpty {
      var summary = ProtobufWriter()
      for scalar in scalars {
        var value = ProtobufWriter()
        value.write(1, bytes: scalar.tag.utf8)
        value.write(2, float: scalar.value)
        summary.write(1, bytes: value.bytes)
      }
      writer.write(5, bytes: summary.bytes)
    }
    return writer.bytes
  }
}
