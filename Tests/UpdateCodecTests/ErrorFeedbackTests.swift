import Testing
import UpdateCodec

struct ErrorFeedbackTests {
    @Test func whatOneRoundLosesTheNextSends() {
        var feedback = ErrorFeedback(count: 2)
        var update: [Float] = [1, 0.25]
        feedback.compensate(&update)
        feedback.absorb(update, decoded: [1.5, 0])
        #expect(feedback.residual == [-0.5, 0.25])
        var next: [Float] = [1, 1]
        feedback.compensate(&next)
        #expect(next == [0.5, 1.25])
        #expect(ErrorFeedback(residual: feedback.residual) == feedback)
    }
}
