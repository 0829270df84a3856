/// Looking at intermediate results, to find out what went wrong.
extension Recorder {
  /// Shows the numbers of a whole tensor, row after row, to `see` whenever the program gets there.
  ///
  /// Rows beyond those in use hold whatever the arena held. Nothing is differentiated.
  public func look(at tensor: Tensor, _ see: @escaping ([Float]) -> Void) {
    precondition(tensor.stride == tensor.columns, "only a whole tensor can be looked at")
    let count = tensor.rows.capacity * tensor.columns
    step("look", [tensor]) { device, at in
      var numbers = [Float](repeating: 0, count: count)
      var span = numbers.mutableSpan
      device.download(at.view(tensor), into: &span)
      see(numbers)
    }
  }
}
