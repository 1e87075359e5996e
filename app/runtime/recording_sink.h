// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/event_sink.h"
#include "live/live_hub.h"

#include <memory>

namespace luthien::runtime {

/// Journal first, then whoever watches: nobody sees what a crash could take back. Thread: one worker.
class RecordingSink final : public conversation::EventSink
{
public:
    RecordingSink(std::unique_ptr<conversation::EventSink> store, live::LiveHub& hub);

    void opened(const conversation::CallOpened& event) override;
    void request(const conversation::RequestRecorded& event) override;
    void wire(const conversation::WireEvent& event) override;
    void decided(const conversation::Decision& decision) override;
    void ended(const conversation::CallEnded& event) override;
    [[nodiscard]] bool hasRoom() const override;

private:
    std::unique_ptr<conversation::EventSink> m_store;
    live::LiveHub& m_hub;
};

} // namespace luthien::runtime
