import Base
import Formats
import Tensors

/// The optimiser's moments in a checkpoint's `state` folder.
///
/// Each tensor is a stretch of one moment of one parameter, named `exp_avg/PARAMETER[begin,end)`, in any of the
/// files `optimizer-*.safetensors`: so any number of ranks loads what any number wrote.
struct MomentFiles {
  let folder: Path

  /// The file that a single rank writes.
  static let whole = "optimizer-00001-of-00001.safetensors"

  /// Elements of a parameter, and where they stand.
  private struct Stretch {
    let range: Range<Int>
    let file: SafetensorsFile
    let entry: SafetensorsEntry
  }

  /// Writes the moments of every parameter.
  ///
  /// - Throws: ``Failure`` if the disk refuses.
  func write(_ numbers: any CheckpointNumbers) throws {
    let sources = numbers.parameters.flatMap { parameter in
      numbers.moments(of: parameter).map { moment in
        let count = parameter.range.count
        return SafetensorsSource(
          "\(moment.rawValue)/\(parameter.name)[0,\(count))", type: .f32, shape: [count]
        ) { sink in
          for begin in stride(from: 0, to: count, by: 1 << 20) {
            let part = begin..<min(begin + 1 << 20, count)
            try sink.put(numbers.read(moment, of: parameter, part: part))
          }
        }
      }
    }
    try SafetensorsWriter.write(sources, to: folder / Self.whole)
  }

  /// Reads the moments of every parameter back.
  ///
  /// - Throws: ``Failure`` naming the moment whose stretches do not cover its parameter once.
  func load(into optimizer: Optimizer) throws {
    var stretches = try find()
    for parameter in optimizer.parameters.parameters {
      for moment in optimizer.moments(of: parameter) {
        let name = "\(moment.rawValue)/\(parameter.name)"
        let parts = (stretches.removeValue(forKey: name) ?? []).sorted {
          $0.range.lowerBound < $1.range.lowerBound
        }
        var covered = 0
        for part in parts {
          guard part.range.lowerBound == covered else { throw broken(name, at: covered) }
          try optimizer.write(
            try part.file.floats(part.entry), to: moment, of: parameter, at: covered)
          covered = part.range.upperBound
        }
        guard covered == parameter.range.count else { throw broken(name, at: covered) }
      }
    }
    if let name = stretches.keys.min() {
      throw Failure(
        "\(folder) has \(Sanitiser.visible(name)), which the model has not",
        remedy: "Resume with the configuration it began with.")
    }
  }

  private func broken(_ name: String, at element: Int) -> Failure {
    Failure(
      "\(folder) does not have element \(element) of \(name) just once",
      remedy: "Resume with the configuration it began with, or from an earlier checkpoint.")
  }

  /// The stretches of all files by the moment and parameter they belong to.
  private func find() throws -> [String: [Stretch]] {
    var stretches: [String: [Stretch]] = [:]
    for name in try Files.list(folder)
    where name.hasPrefix("optimizer-") && name.hasSuffix(".safetensors") {
      let file = try SafetensorsFile(folder / name)
      for entry in file.entries {
        guard let (owner, range) = Self.address(entry.name), entry.shape == [range.count] else {
          throw Failure(
            "\(file.path): \(Sanitiser.visible(entry.name)) of shape \(entry.shape) is no part of a moment",
            remedy: "Resume from an earlier checkpoint.")
        }
        stretches[owner, default: []].append(Stretch(range: range, file: file, entry: entry))
      }
    }
    return stretches
  }

  /// What `exp_avg/PARAMETER[begin,end)` names.
  static func address(_ name: String) -> (owner: String, range: Range<Int>)? {
    guard name.hasSuffix(")"), let open = name.lastIndex(of: "[") else { return nil }
    let ends = name[name.index(after: open)...].dropLast().split(
      separator: ",", omittingEmptySubsequences: false)
    guard ends.count == 2, let begin = Int(ends[0]), let end = Int(ends[1]), begin >= 0, begin < end
    else { return nil }
    return (String(name[..<open]), begin..<end)
  }
}
