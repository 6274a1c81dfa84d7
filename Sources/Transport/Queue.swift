/// First in, first out, at constant cost for each element.
struct Queue<Element> {
    private var elements: [Element] = []
    private var head = 0

    var isEmpty: Bool { head == elements.count }
    var first: Element? { isEmpty ? nil : elements[head] }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func removeFirst() {
        precondition(!isEmpty)
        head += 1
        if head == elements.count || head >= 256 {
            elements.removeFirst(head)
            head = 0
        }
    }

    mutating func removeAll() {
        elements = []
        head = 0
    }
}
