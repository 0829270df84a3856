public import Base

/// Writes a TensorBoard event file, event after event.
///
/// TensorBoard finds files whose names hold `tfevents`; it reads one while it is written.
public final class TensorBoardWriter {
  private let file: AppendFile

  /// Makes a new file.
  ///
  /// - Parameter wallTime: seconds since 1970.
  public init(creating path: Path, wallTime: Double) throws {
    file = try AppendFile(creating: path)
    try append(TensorBoardEvent(wallTime: wallTime, step: 0, fileVersion: "brain.Event:2"))
  }

  /// Adds an event.
  public func append(_ event: TensorBoardEvent) throws {
    let body = event.serialized
    var record: [UInt8] = []
    record.appendLittleEndian(UInt64(body.count))
    record.appendLittleEndian(TensorBoardChecksum.of(record))
    record += body
    record.appendLittleEndian(TensorBoardChecksum.of(body))
    try file.append(record)
  }

  /// Brings what was written to the disk and closes the file.
  public func finish() throws {
    try file.sync()
    file.close()
  }
}
