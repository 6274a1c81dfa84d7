#if !hasFeature(Embedded)
    import CIntegerDot

    /// A filter bank in the order that `CIntegerRows.h` wants, with its scales. Owns its memory.
    final class PackedFilter {
        let weights: UnsafeMutablePointer<Int16>
        /// Bias, multipliers and shifts, `paddedChannels` each.
        let constants: UnsafeMutablePointer<Int32>
        let pairs: Int
        let paddedChannels: Int

        /// - Parameters:
        ///   - rows: kernel rows; 1 for a dense layer.
        ///   - segment: elements of one window row.
        init(_ operation: ImageOperation, _ image: ModelImage, rows: Int, segment: Int, channels: Int) {
            pairs = (segment + 1) / 2
            paddedChannels = (channels + 15) / 16 * 16
            let (count, padded) = (paddedChannels * rows * pairs * 2, paddedChannels)
            weights = .allocate(capacity: count)
            weights.initialize(repeating: 0, count: count)
            constants = .allocate(capacity: 3 * padded)
            constants.initialize(repeating: 0, count: 3 * padded)
            let source = (image.base + operation.weightsOffset).assumingMemoryBound(to: Int8.self)
            for channel in 0..<channels {
                let block = channel / 16 * rows * pairs * 32 + channel % 16 * 2
                for row in 0..<rows {
                    let line = source + (channel * rows + row) * segment
                    let target = weights + block + row * pairs * 32
                    for index in 0..<segment { target[index / 2 * 32 + index % 2] = Int16(line[index]) }
                }
                constants[channel] = (image.base + operation.biasOffset).signedWord(4 * channel)
                let scale = image.base + operation.scalesOffset + 8 * channel
                constants[padded + channel] = scale.signedWord(0)
                constants[2 * padded + channel] = scale.signedWord(4)
            }
        }

        deinit {
            weights.deallocate()
            constants.deallocate()
        }
    }
#endif
