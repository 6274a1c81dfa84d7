# The two commands of a new user are `make run` and `make test`; both set the machine up first.
swift_flags = --configuration release --explicit-target-dependency-import-check error
sources = Package.swift Sources Tests Coordinator Client Simulations Benchmarks

.PHONY: run test build programs lint format setup clean

run: programs
	.build/release/swiftlet-simulate run Simulations/scenarios/quickstart.yaml --out out/quickstart

test: build
	swift test $(swift_flags) --disable-testable-imports --skip-build

build: programs
	swift build $(swift_flags) --product SwiftletPackageTests

# Product by product: a build of everything would compile tools of the dependencies that nobody here runs.
programs: setup
	swift build $(swift_flags) --product swiftlet-coordinator
	swift build $(swift_flags) --product swiftlet-client
	swift build $(swift_flags) --product swiftlet-simulate

lint:
	swift format lint --strict --recursive $(sources)

format:
	swift format --in-place --recursive $(sources)

setup:
	@Deploy/setup.sh

clean:
	rm -rf .build out
