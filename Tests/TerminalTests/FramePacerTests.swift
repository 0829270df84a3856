import Testing

@testable import Terminal

@Suite("Frame pacing") struct FramePacerTests {
  @Test func `messages make at most twenty frames a second, keys are answered at once`() {
    var pacer = FramePacer()
    #expect(pacer.delay(now: 0) == nil)
    pacer.note(isKey: false)
    #expect(pacer.delay(now: 0) == 0)
    pacer.drew(from: 0, to: 0.001)
    #expect(pacer.delay(now: 5) == nil, "nothing new, no frame")
    pacer.note(isKey: false)
    #expect(abs((pacer.delay(now: 0.01) ?? 0) - 0.04) < 1e-9)
    pacer.note(isKey: true)
    #expect(pacer.delay(now: 0.01) == 0)
  }

  @Test func `a slow terminal gets fewer frames, two a second at the least`() {
    var pacer = FramePacer()
    for _ in 0..<20 {
      pacer.note(isKey: false)
      pacer.drew(from: 0, to: 0.2)
    }
    pacer.note(isKey: true)
    #expect((pacer.delay(now: 0) ?? 1) <= FramePacer.longestPause)
    #expect((pacer.delay(now: 0) ?? 0) > FramePacer.messagePause)
    for _ in 0..<20 { pacer.drew(from: 1, to: 1.001) }
    pacer.note(isKey: false)
    #expect(abs((pacer.delay(now: 1) ?? 1) - FramePacer.messagePause) < 1e-9)
  }
}
