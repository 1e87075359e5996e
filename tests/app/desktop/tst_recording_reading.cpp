// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "desktop/recording_reading.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <algorithm>

using namespace luthien;
using namespace luthien::desktop;

namespace {
std::string chunk(const std::string& text)
{
    return "data: "
           "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
           "{\"content\":\"" +
           text + "\"},\"finish_reason\":null}]}\n\n";
}

Result<Recording> recordingOf(const test::SampleCall& call)
{
    test::SampleStore store;
    store.add(call);
    if (!store.flush())
        return Error{.code = ErrorCode::Internal};
    return readRecording(**store.openReader(), call.id);
}

constexpr const char* kHead = R"({"status":200,"headers":[["content-type","text/event-stream"]]})";

std::string textIn(const Recording& recording)
{
    std::string text;
    for (const Recording::Step& step : recording.steps)
        if (const auto* const delta = std::get_if<live::Delta>(&step.event);
            delta != nullptr && delta->kind == conversation::EventKind::Text)
            text += delta->text;
    return text;
}
} // namespace

class TestRecordingReading : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Events are cut anywhere on the wire; what they say is the same, in order, and the end comes last.
    void aStreamIsItsSteps()
    {
        const std::string stream = chunk("one ") + chunk("two ") + chunk("three") + "data: [DONE]\n\n";
        for (const std::size_t size : {stream.size(), std::size_t{64}, std::size_t{7}}) {
            test::SampleCall call;
            call.responseHead = kHead;
            call.events = {};
            for (std::size_t at = 0; at < stream.size(); at += size)
                call.events.push_back(stream.substr(at, size));
            const auto recording = recordingOf(call);
            QVERIFY(recording.hasValue());
            QCOMPARE(textIn(*recording), std::string("one two three"));
            QVERIFY(std::ranges::is_sorted(recording->steps, {}, &Recording::Step::at));
            QVERIFY(std::holds_alternative<live::Ended>(recording->steps.back().event));
            QCOMPARE(recording->length, recording->steps.back().at);
            QVERIFY(recording->isWhole);
            QVERIFY(recording->request.hasRequest());
        }
    }

    void verdictsStandAtTheirTime()
    {
        test::SampleCall call;
        call.events = {chunk("a"), chunk("b")};
        conversation::Decision decision{.id = CallId::make(fromMicros(1)), .call = call.id, .seq = 2};
        decision.at = fromMicros(1'790'000'000'000'001) + std::chrono::microseconds(2);
        decision.policyId = "p";
        call.decisions = {decision};
        const auto recording = recordingOf(call);
        QVERIFY(recording.hasValue());
        const auto isVerdict = [](const Recording::Step& step) {
            return std::holds_alternative<live::Decided>(step.event);
        };
        QCOMPARE(std::ranges::count_if(recording->steps, isVerdict), 1);
    }

    void aCallThatRunsCannotBePlayed()
    {
        test::SampleCall call;
        call.ends = false;
        const auto recording = recordingOf(call);
        QVERIFY(!recording && recording.error().code == ErrorCode::Conflict);
    }

    void knowsNoSuchCall()
    {
        test::SampleStore store;
        QVERIFY(store.flush());
        const auto recording = readRecording(**store.openReader(), CallId::make(fromMicros(5)));
        QVERIFY(!recording && recording.error().code == ErrorCode::NotFound);
    }
};

LUTHIEN_TEST(tst_recording_reading, TestRecordingReading)
#include "tst_recording_reading.moc"
