public import Base

/// A tensor to be written: what it is, and how to get its elements when its turn comes.
public struct SafetensorsSource {
  public let name: String
  public let type: TensorType
  public let shape: [Int]
  let content: (inout TensorSink) throws -> Void

  /// - Parameter content: puts all elements into the sink, row-major, in pieces of any size.
  public init(
    _ name: String, type: TensorType, shape: [Int],
    content: @escaping (inout TensorSink) throws -> Void
  ) {
    self.name = name
    self.type = type
    self.shape = shape
    self.content = content
  }

  /// A tensor whose floats are at hand.
  public init(_ name: String, _ values: [Float], shape: [Int], type: TensorType = .f32) {
    self.init(name, type: type, shape: shape) { try $0.put(values) }
  }

  fileprivate var byteCount: Int {
    guard let count = type.byteCount(of: shape) else {
      preconditionFailure("tensor \(name) of impossible shape \(shape)")
    }
    return count
  }
}

/// Writes safetensors files, tensor after tensor, without holding a copy of them.
public enum SafetensorsWriter {
  /// Above this many bytes of data a model is cut into several files.
  public static let shardLimit = 5_000_000_000

  /// Writes one file whole (temporary, fsync, rename).
  ///
  /// Tensors lie in the order of the reference implementation: by descending type, wide ones first, then by
  /// name, so that each is aligned and equal content makes equal bytes.
  /// - Throws: ``Failure`` if the disk refuses; nothing is left behind then.
  public static func write(
    _ sources: [SafetensorsSource], to path: Path, metadata: [(String, String)] = [("format", "pt")]
  ) throws {
    let ordered = sources.sorted {
      ($1.type.rank, ExactText($0.name)) < ($0.type.rank, ExactText($1.name))
    }
    let total = ordered.reduce(0) { $0 + $1.byteCount }
    try Files.requireFree(total + (1 << 20), at: path.parent, for: "\(path)")
    try Files.write(whole: path) { file throws in
      try file.append(header(ordered, metadata))
      for source in ordered {
        var sink = TensorSink(file, type: source.type)
        try source.content(&sink)
        try sink.flush()
        precondition(
          sink.written == source.byteCount,
          "tensor \(source.name): \(sink.written) bytes put, \(source.byteCount) announced")
      }
    }
  }

  /// Writes a model's tensors into a folder: `NAME.safetensors`, or several files and an index.
  ///
  /// - Parameter shardLimit: the most bytes of data in one file, if more than one tensor is in it.
  public static func writeModel(
    _ sources: [SafetensorsSource], to folder: Path, name: String = "model",
    metadata: [(String, String)] = [("format", "pt")], shardLimit: Int = shardLimit
  ) throws {
    let total = sources.reduce(0) { $0 + $1.byteCount }
    guard total > shardLimit else {
      return try write(sources, to: folder / "\(name).safetensors", metadata: metadata)
    }
    var groups: [[SafetensorsSource]] = [[]]
    var size = 0
    for source in sources {
      if size + source.byteCount > shardLimit, size > 0 {
        groups.append([])
        size = 0
      }
      groups[groups.count - 1].append(source)
      size += source.byteCount
    }
    var map: [(key: String, value: JSON)] = []
    for (index, group) in groups.enumerated() {
      let file = "\(name)-\(Format.pad(index + 1, 5))-of-\(Format.pad(groups.count, 5)).safetensors"
      try write(group, to: folder / file, metadata: metadata)
      map += group.map { ($0.name, .string(file)) }
    }
    let index: JSON = [
      "metadata": ["total_size": JSON(total)],
      "weight_map": .object(
        JSONObject(distinct: map.sorted { ExactText($0.key) < ExactText($1.key) })),
    ]
    try Files.write(
      index.text(pretty: true) + "\n", to: folder / "\(name).safetensors.index.json")
  }

  private static func header(
    _ ordered: [SafetensorsSource], _ metadata: [(String, String)]
  ) -> [UInt8] {
    var members: [(key: String, value: JSON)] = []
    if !metadata.isEmpty {
      members.append(("__metadata__", .object(metadata.map { ($0.0, .string($0.1)) })))
    }
    var offset = 0
    for source in ordered {
      let end = offset + source.byteCount
      members.append(
        (
          source.name,
          [
            "dtype": .string(source.type.rawValue), "shape": .integers(source.shape),
            "data_offsets": .integers([offset, end]),
          ]
        ))
      offset = end
    }
    var text = Array(JSON.object(JSONObject(distinct: members)).text().utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    var header: [UInt8] = []
    header.appendLittleEndian(UInt64(text.count))
    return header + text
  }
}
