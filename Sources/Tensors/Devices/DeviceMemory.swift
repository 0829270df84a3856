/// What an element of device memory is.
public enum ElementType: Sendable {
  /// The device's own real number: fp32 on the CPU, float64 on the reference device.
  case real
  /// What products read, as the device's ``Precision`` has it: a real number, or bf16.
  case operand
  /// What an operand lacks of the real number it was made of.
  case rest
  /// A 32-bit whole number: a token id, a position, a row count.
  case index
}

/// A piece of a device's memory, released with its last reference.
///
/// Only the device that made it can look inside; everything above holds it and passes it on.
///
/// `@unchecked Sendable`: a memory belongs to one program or store, and those are run by one thread
/// at a time; the chunks of one verb touch disjoint parts.
open class DeviceMemory: @unchecked Sendable {
  /// What the elements are.
  public let type: ElementType
  /// How many elements there are.
  public let count: Int

  /// For devices: describes memory of `count` elements.
  public init(type: ElementType, count: Int) {
    self.type = type
    self.count = count
  }
}

/// `count` elements of a memory from `offset` on.
public struct View: Sendable {
  public let memory: DeviceMemory
  public let offset: Int
  public let count: Int

  /// The whole of `memory`.
  public init(_ memory: DeviceMemory) {
    self.init(memory, offset: 0, count: memory.count)
  }

  /// A part of `memory`, which must lie inside.
  public init(_ memory: DeviceMemory, offset: Int, count: Int) {
    precondition(
      offset >= 0 && count >= 0 && offset + count <= memory.count,
      "view [\(offset), \(offset + count)) of a memory of \(memory.count) elements")
    self.memory = memory
    self.offset = offset
    self.count = count
  }

  /// The elements `range`, counted from this view's first.
  public func slice(_ range: Range<Int>) -> View {
    precondition(range.upperBound <= count, "slice \(range) of a view of \(count) elements")
    return View(memory, offset: offset + range.lowerBound, count: range.count)
  }
}

/// Rows of `columns` elements, `stride` elements apart; contiguous but for that one stride.
public struct Matrix: Sendable {
  /// The first row's first element on, to the last row's last.
  public let view: View
  public let columns: Int
  public let stride: Int

  /// A matrix whose first row begins where `view` begins.
  public init(_ view: View, columns: Int, stride: Int? = nil) {
    self.view = view
    self.columns = columns
    self.stride = stride ?? columns
  }

  /// Whether no other columns lie between its rows.
  var isContiguous: Bool { stride == columns }
}

/// Parameters as they are kept: what products read and, where that is rounded, what it lacks of the whole.
public struct Weights: Sendable {
  /// `operand`.
  public let values: View
  /// [elements of `values`] `rest`; nil: the values are all there is.
  public let rest: View?

  /// The elements `range`.
  func slice(_ range: Range<Int>) -> Weights {
    Weights(values: values.slice(range), rest: rest?.slice(range))
  }
}

/// How many rows of a matrix count: a capacity fixed when the program is recorded and, within it,
/// a number read from device memory each time the program runs.
public struct Rows: Sendable {
  /// The rows there is room for.
  public let capacity: Int
  /// One `index` element with the number of rows in use; nil: all.
  public let live: View?

  /// Rows up to `capacity`, `live` of them at run time.
  public init(capacity: Int, live: View? = nil) {
    self.capacity = capacity
    self.live = live
  }
}
