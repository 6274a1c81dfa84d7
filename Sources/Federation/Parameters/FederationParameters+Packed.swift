import UpdateCodec

extension FederationParameters {
    /// Longest JSON that is accepted, in bytes.
    static let maximumByteCount = 1 << 20

    /// What the coder of parameters has read before: every key that there is, and the values and layers that are common.
    /// It is part of the protocol.
    private static let primer = Array(
        (#"{"clipNorm":1,"compression":{"down":"int8","roundByteCount":2000,"up":"int8"},"#
            + #""federation":"0123456789abcdef89674523efcdab10","maskedPrivacy":{"clip":0.5,"share":"#
            + #"{"kind":"skellam","noiseMultiplier":1.4,"survivors":15}},"#
            + #""model":"{\"classCount\":6,\"inputShape\":[6,128],\"layers\":[\"batchnorm\","#
            + #"{\"conv1d\":{\"kernel\":5,\"out\":32}},\"relu\",{\"maxpool1d\":2},{\"conv1d\":{\"kernel\":5,\"out\":48}},"#
            + #"\"relu\",{\"maxpool1d\":2},{\"conv1d\":{\"kernel\":5,\"out\":64}},\"relu\",\"globalaveragepool\","#
            + #"{\"dense\":6}],\"name\":\"cnn1d-har\"}","name":"masked","plan":{"batchSize":32,"calibration":"#
            + #"{"fromRound":10,"weightBits":8},"epochs":1,"learningRate":0.050000000000000003,"momentum":0,"#
            + #""optimizer":"adam","proximal":0.01,"quantizationAware":{"fromRound":10,"weightBits":8},"#
            + #""weightDecay":0.0001},"seed":2,"work":[{"device":"stm32l4+lora-sf7","firstParameter":0,"#
            + #""maximumSteps":100,"updateByteCount":200}]}"#
            + #"{"compression":{"down":"float32","up":"float32"},"federation":"fedcba98765432100123456789abcdef","#
            + #""model":"{\"classCount\":10,\"inputShape\":[3,32,32],\"layers\":[{\"depthwiseconv2d\":"#
            + #"{\"kernel\":3,\"padding\":\"same\",\"stride\":2,\"bias\":false}},\"relu6\",\"batchnorm\",{\"residual\":"#
            + #"{\"body\":[{\"conv2d\":{\"kernel\":3,\"out\":16,\"padding\":1}}],\"shortcut\":[]}},{\"avgpool2d\":2},"#
            + #"{\"embedding\":{\"dimension\":16,\"vocabulary\":96}},{\"gru\":{\"everyStep\":true,\"units\":128}},"#
            + #"\"flatten\",{\"dense\":10}],\"name\":\"gru-chars\"}","name":"float32","plan":{"batchSize":10,"#
            + #""epochs":5,"learningRate":0.10000000000000001,"momentum":0.5,"optimizer":"sgd","proximal":0,"#
            + #""weightDecay":0},"seed":3}"#
            + #"{"compression":{"down":"auto:nmse=0.05,cap=0.2","up":"auto:nmse=0.25,cap=0.13,worst=0.5"},"#
            + #""federation":"9f8e7d6c5b4a39281706f5e4d3c2b1a0","model":"{\"classCount\":10,\"inputShape\":[1,28,28],"#
            + #"\"layers\":[{\"conv2d\":{\"kernel\":3,\"out\":16}},\"relu\",{\"maxpool2d\":2},{\"conv2d\":"#
            + #"{\"kernel\":3,\"out\":32}},\"relu\",{\"maxpool2d\":2},\"flatten\",{\"dense\":80},\"relu\","#
            + #"{\"dense\":10}],\"name\":\"cnn-28x28\"}","name":"auto","plan":{"batchSize":32,"epochs":3,"#
            + #""learningRate":0.02,"momentum":0.9,"optimizer":"sgd","proximal":0,"weightDecay":0},"seed":1}"#).utf8)

    /// The JSON as it travels in a welcome: a fifth of its length or less.
    package static func packed(_ canonicalJSON: [UInt8]) -> [UInt8] {
        PrimedText.pack(canonicalJSON, primer: primer)
    }

    /// The JSON of what travelled.
    ///
    /// - Throws: `FederationError.invalidParameters` for damage.
    package static func unpacked(_ bytes: [UInt8]) throws(FederationError) -> [UInt8] {
        do { return try PrimedText.unpack(bytes, primer: primer, limit: maximumByteCount) } catch {
            throw .invalidParameters(String(describing: error))
        }
    }
}
