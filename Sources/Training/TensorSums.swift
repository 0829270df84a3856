import Base
import Formats

/// A checksum for each tensor of a file, which tells where a damaged one is damaged.
enum TensorSums {
  /// The CRC-32C of each tensor's bytes, in hexadecimal, under the tensors' names.
  static func of(_ path: Path) throws -> JSON {
    let file = try SafetensorsFile(path)
    return .object(JSONObject(distinct: file.entries.map { ($0.name, .string(sum($0, of: file))) }))
  }

  /// The first tensor of a file whose bytes are not those of the sums; `nil` if it cannot be told.
  static func damaged(_ path: Path, _ sums: JSON?) -> String? {
    guard let sums, let file = try? SafetensorsFile(path) else { return nil }
    return file.entries.first { entry in
      sums[entry.name].map { $0.string != sum(entry, of: file) } ?? false
    }?.name
  }

  private static func sum(_ entry: SafetensorsEntry, of file: SafetensorsFile) -> String {
    let bytes = file.bytes(of: entry)
    let sum = String(bytes.crc32c, radix: 16)
    return String(repeating: "0", count: 8 - sum.count) + sum
  }
}
