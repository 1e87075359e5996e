// SPDX-License-Identifier: Apache-2.0
#include "archive/jsonl_export.h"
#include "base/sha256.h"
#include "filter/parser.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

using namespace luthien;
using test::SampleCall;
using test::SampleStore;

class TestJsonlExport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesEverythingInOrder();
    void goesOverPages();
    void stopsWhenItCannotWrite();
    void knowsNoSuchSession();
    void aFilterChoosesCallsOfAllSessions();
};

namespace {
struct Line
{
    std::string type;
    boost::json::object object;
};

/// Splits an export and checks its last line against the ones before it.
std::vector<Line> checkedLines(const std::string& text)
{
    std::vector<Line> lines;
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
        auto object = boost::json::parse(text.substr(begin, end - begin)).as_object();
        if (object.at("type") == "end") {
            const bool isTrue = object.at("lines").to_number<std::size_t>() == lines.size() &&
                                object.at("sha256").as_string() == toHex(Sha256::of(text.substr(0, begin)));
            return isTrue && end + 1 == text.size() ? lines : std::vector<Line>();
        }
        lines.push_back({object.at("type").as_string().c_str(), object});
        begin = end + 1;
    }
    return {};
}

CallId callNumber(int number)
{
    std::array<std::uint8_t, 16> bytes{};
    bytes[0] = 1;
    bytes[14] = static_cast<std::uint8_t>(number >> 8);
    bytes[15] = static_cast<std::uint8_t>(number);
    return CallId(bytes);
}
} // namespace

void TestJsonlExport::aFilterChoosesCallsOfAllSessions()
{
    SampleStore store;
    conversation::Decision decision{.id = callNumber(9), .call = callNumber(1), .seq = 1, .policyId = "sql"};
    store.add({.id = callNumber(1), .decisions = {decision}});
    store.add({.id = callNumber(2)});
    store.add({.id = callNumber(3), .session = "another", .decisions = {{.id = callNumber(8), .call = callNumber(3)}}});
    store.add({.id = callNumber(4), .session = "third"});
    QVERIFY(store.flush());
    std::string text;
    const auto reader = store.openReader();
    archive::FilteredLists lists(**reader, *filter::parseFilter("has:decision"), fromMicros(0));
    const auto counts = archive::exportJsonl(**reader, lists, [&text](std::string_view bytes) -> Result<void> {
        text += bytes;
        return {};
    });
    QVERIFY2(counts.hasValue(), counts ? "" : counts.error().toString().c_str());
    QCOMPARE(counts->calls, 2U);
    std::string types;
    for (const Line& line : checkedLines(text)) {
        if (line.type != "event")
            types += line.type + ' ';
    }
    QCOMPARE(types, "session call decision session call decision ");
}

void TestJsonlExport::writesEverythingInOrder()
{
    SampleStore store;
    conversation::Decision decision{.id = callNumber(9), .call = callNumber(1), .seq = 1, .policyId = "sql"};
    store.add({.id = callNumber(1), .decisions = {decision}});
    store.add({.id = callNumber(2), .events = {}, .ends = false});
    store.add({.id = callNumber(3), .session = "another"});
    QVERIFY(store.flush());
    std::string text;
    const auto reader = store.openReader();
    const auto counts = archive::exportJsonl(**reader, "sess-1", [&text](std::string_view bytes) -> Result<void> {
        text += bytes;
        return {};
    });
    QVERIFY2(counts.hasValue(), counts ? "" : counts.error().toString().c_str());
    QCOMPARE(counts->calls, 2U);
    QCOMPARE(counts->events, 5U);
    QCOMPARE(counts->decisions, 1U);

    const auto lines = checkedLines(text);
    std::string types;
    for (const Line& line : lines)
        types += line.type + ' ';
    QCOMPARE(types, "session call event event event event decision call event ");
    QCOMPARE(lines[1].object.at("id").as_string(), callNumber(1).toString());
    for (std::size_t seq = 0; seq < 4; ++seq)
        QCOMPARE(lines[2 + seq].object.at("seq").to_number<std::size_t>(), seq);
    QCOMPARE(boost::json::serialize(lines[2].object.at("json")), SampleCall().body);
    QCOMPARE(boost::json::serialize(lines[3].object.at("frame")), R"(["data: ","\n\n"])");
    QCOMPARE(boost::json::serialize(lines[3].object.at("json")), R"({"a":1})");
    QCOMPARE(lines[6].object.at("call_id").as_string(), callNumber(1).toString());
    QCOMPARE(lines[6].object.at("policy_id").as_string(), "sql");
    QCOMPARE(lines[7].object.at("status").as_string(), "open");
}

void TestJsonlExport::goesOverPages()
{
    SampleStore store;
    constexpr int kCalls = 130;
    constexpr int kEvents = 250;
    store.add({.id = callNumber(1), .events = std::vector<std::string>(kEvents, "data: x\n\n")});
    for (int number = 2; number <= kCalls; ++number)
        store.add({.id = callNumber(number), .events = {}});
    QVERIFY(store.flush());
    std::string text;
    const auto reader = store.openReader();
    const auto counts = archive::exportJsonl(**reader, "sess-1", [&text](std::string_view bytes) -> Result<void> {
        text += bytes;
        return {};
    });
    QVERIFY(counts.hasValue());
    QCOMPARE(counts->calls, std::uint64_t{kCalls});
    QCOMPARE(counts->events, std::uint64_t{kEvents + 2 * kCalls});
    QCOMPARE(checkedLines(text).size(), std::size_t{1 + kCalls + kEvents + 2 * kCalls});
}

void TestJsonlExport::stopsWhenItCannotWrite()
{
    SampleStore store;
    store.add({.id = callNumber(1)});
    QVERIFY(store.flush());
    int written = 0;
    const auto reader = store.openReader();
    const auto counts = archive::exportJsonl(**reader, "sess-1", [&written](std::string_view) -> Result<void> {
        if (++written == 3)
            return Error{.code = ErrorCode::Io, .message = "the disk is full"};
        return {};
    });
    QCOMPARE(counts.error().message, "the disk is full");
    QCOMPARE(written, 3);
}

void TestJsonlExport::knowsNoSuchSession()
{
    SampleStore store;
    const auto reader = store.openReader();
    const auto counts = archive::exportJsonl(**reader, "none", [](std::string_view) -> Result<void> { return {}; });
    QCOMPARE(counts.error().code, ErrorCode::NotFound);
}

LUTHIEN_TEST(tst_jsonl_export, TestJsonlExport)
#include "tst_jsonl_export.moc"
