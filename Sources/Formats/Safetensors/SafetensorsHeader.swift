import Base

/// One tensor of a safetensors file.
public struct SafetensorsEntry: Equatable, Sendable {
  public let name: String
  public let type: TensorType
  /// Empty for a scalar.
  public let shape: [Int]
  /// Where its bytes lie, counted from the start of the file.
  public let range: Range<Int>

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}

/// The header of a safetensors file, with everything checked that the format demands.
///
/// After the rules of the reference implementation (huggingface/safetensors, tensor.rs): no holes, no
/// overlaps, no bytes after the last tensor, no key twice.
struct SafetensorsHeader {
  /// The longest header in bytes.
  static let limit = 100_000_000

  let metadata: [(key: String, value: String)]
  /// In the order of their bytes.
  let entries: [SafetensorsEntry]

  /// Parses the header of `file`, whose first eight bytes give its length.
  init(_ file: RawSpan) throws(SafetensorsError) {
    guard file.byteCount >= 8 else { throw SafetensorsError("the file ends before its header") }
    let length = file.littleEndian(at: 0, as: UInt64.self)
    guard length <= SafetensorsHeader.limit else {
      throw SafetensorsError("the header claims \(length) bytes")
    }
    guard Int(length) <= file.byteCount - 8 else {
      throw SafetensorsError("the header of \(length) bytes reaches beyond the file's end")
    }
    let dataStart = 8 + Int(length)
    var text: [UInt8] = []
    text.reserveCapacity(Int(length))
    for index in 8..<dataStart { text.append(file.byte(at: index)) }
    guard text.first == UInt8(ascii: "{") else {
      throw SafetensorsError("the header does not begin with '{'")
    }
    let json: JSON
    do { json = try JSON.parse(text) } catch {
      throw SafetensorsError("the header is \(error.problem)")
    }
    guard let object = json.object else { throw SafetensorsError("the header is no object") }
    var metadata: [(key: String, value: String)] = []
    var entries: [SafetensorsEntry] = []
    for (name, value) in object {
      if name == "__metadata__" {
        metadata = try SafetensorsHeader.metadata(value)
      } else {
        entries.append(try SafetensorsHeader.entry(name, value, dataStart, file.byteCount))
      }
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound, ExactText($0.name))
        < ($1.range.lowerBound, $1.range.upperBound, ExactText($1.name))
    }
    var end = dataStart
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw SafetensorsError(
          "begins at byte \(entry.range.lowerBound), but the data before it ends at \(end)",
          tensor: entry.name)
      }
      end = entry.range.upperBound
    }
    guard end == file.byteCount else {
      throw SafetensorsError("its tensors end at byte \(end) of \(file.byteCount)")
    }
    self.metadata = metadata
    self.entries = entries
  }

  private static func metadata(
    _ value: JSON
  ) throws(SafetensorsError) -> [(key: String, value: String)] {
    guard let object = value.object else {
      throw SafetensorsError("__metadata__ is no object")
    }
    var metadata: [(key: String, value: String)] = []
    for (key, value) in object {
      guard let text = value.string else {
        throw SafetensorsError("__metadata__ holds a value that is no text")
      }
      metadata.append((key, text))
    }
    return metadata
  }

  private static func entry(
    _ name: String, _ value: JSON, _ dataStart: Int, _ fileSize: Int
  ) throws(SafetensorsError) -> SafetensorsEntry {
    guard let object = value.object else { throw SafetensorsError("is no object", tensor: name) }
    for key in object.keys where !["dtype", "shape", "data_offsets"].contains(key) {
      throw SafetensorsError("has the unknown field \(Sanitiser.visible(key))", tensor: name)
    }
    guard let label = value["dtype"]?.string, let type = TensorType(rawValue: label) else {
      throw SafetensorsError("has no known dtype", tensor: name)
    }
    guard let shape = wholeNumbers(value["shape"]) else {
      throw SafetensorsError("has no valid shape", tensor: name)
    }
    guard let offsets = wholeNumbers(value["data_offsets"]), offsets.count == 2,
      offsets[0] <= offsets[1], offsets[1] <= fileSize - dataStart
    else { throw SafetensorsError("has no valid data_offsets", tensor: name) }
    guard let size = type.byteCount(of: shape) else {
      throw SafetensorsError("has a shape whose size overflows", tensor: name)
    }
    guard size == offsets[1] - offsets[0] else {
      throw SafetensorsError(
        "needs \(size) bytes by its shape, but data_offsets span \(offsets[1] - offsets[0])",
        tensor: name)
    }
    return SafetensorsEntry(
      name: name, type: type, shape: shape, range: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  private static func wholeNumbers(_ value: JSON?) -> [Int]? {
    guard let array = value?.array else { return nil }
    var numbers: [Int] = []
    for element in array {
      guard case .integer(let number) = element, number >= 0 else { return nil }
      numbers.append(Int(number))
    }
    return numbers
  }
}

/// A file that is no valid safetensors file.
struct SafetensorsError: Diagnosis, Equatable {
  let reason: String

  /// - Parameter tensor: the tensor that `reason` speaks of; the file as a whole if `nil`.
  init(_ reason: String, tensor: String? = nil) {
    self.reason = tensor.map { "the tensor \(Sanitiser.visible($0)) \(reason)" } ?? reason
  }

  var problem: String { "invalid safetensors: \(reason)" }
  var remedy: String { "Copy or save the file again." }
}

extension RawSpan {
  /// One byte; the offset is checked.
  func byte(at offset: Int) -> UInt8 { littleEndian(at: offset, as: UInt8.self) }
}
