import Base
import TestSupport
import Testing

@testable import Terminal

extension NcursesTests {
  /// The budget of a frame is 5 ms. Times are printed, not judged: test machines are slow and shared. Bytes
  /// are the same everywhere.
  @Suite("Cost of frames") struct FrameCostTests {
    @Test func `drawing and sending`() throws {
      let pty = PseudoTerminal(width: 120, height: 36)
      defer { pty.close() }
      let screen = try Screen(
        input: pty.follower, output: pty.follower, terminal: "xterm-256color")
      defer { screen.stop() }
      let text = String(repeating: "国立情報学研究所は、大規模言語モデルの研究開発センターを設けた。", count: 4)
      func frame(_ number: Int) -> Surface {
        var surface = Surface(size: screen.size, theme: .plain)
        surface.box(surface.bounds, title: "frame \(number)", isFocused: true)
        for y in 1..<35 { surface.put(text.dropFirst((number + y) % 7), at: Point(x: 1, y: y)) }
        return surface
      }
      screen.present(frame(0))
      let first = pty.takeAll().count
      let start = monotonicSeconds()
      let count = 50
      var frames = (1...count).map(frame)
      let drawn = monotonicSeconds()
      for frame in frames { screen.present(frame) }
      let sent = monotonicSeconds()
      _ = pty.takeAll()
      frames[count - 1].put("2.131", at: Point(x: 50, y: 12))
      screen.present(frames[count - 1])
      let small = pty.takeAll().count
      let view = (drawn - start) / Double(count) * 1000
      let present = (sent - drawn) / Double(count) * 1000
      print(
        "120x36 of Japanese: view \(Format.fixed(view, 2)) ms, present \(Format.fixed(present, 2))"
          + " ms, first frame \(first) bytes, one number \(small) bytes")
      #expect(first < 12_000)
      #expect(small < 40)
    }
  }
}
