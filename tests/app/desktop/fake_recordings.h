// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/recording_source.h"

#include <chrono>
#include <memory>
#include <string>

namespace luthien::test {

/// A call that says "one ", "two ", "three " at seconds 1, 2 and 3, and ends at 4.
class FakeRecordings final : public desktop::RecordingSource
{
    Q_OBJECT

public:
    void loadRecording(quint64 token, CallId call) override
    {
        if (fails)
            return Q_EMIT failed(token, QStringLiteral("gone"));
        store::CallRow row;
        row.id = call;
        row.status = conversation::CallStatus::Open;
        desktop::CallView request(row);
        request.setRequest({{.blocks = {conversation::Block{.text = question}}}}, false);
        request.settle();
        desktop::Recording recording{.opened = {.call = call, .model = "m", .stream = true},
                                     .request = request,
                                     .length = std::chrono::seconds(4)};
        recording.opened.identity.session = "s";
        std::uint32_t seq = 1;
        for (const char* word : {"one ", "two ", "three "}) {
            recording.steps.push_back(
                {.at = std::chrono::seconds(seq),
                 .event = live::Delta{
                     .call = call, .firstSeq = seq, .seq = seq, .kind = conversation::EventKind::Text, .text = word}});
            ++seq;
        }
        recording.steps.push_back({.at = std::chrono::seconds(4), .event = live::Ended{.call = call, .seq = seq}});
        Q_EMIT recordingLoaded(token, std::make_shared<const desktop::Recording>(recording));
    }
    bool fails = false;
    std::string question = "the question";
};

} // namespace luthien::test
