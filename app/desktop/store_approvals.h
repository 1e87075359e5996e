// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/approval_history_source.h"
#include "desktop/reader_thread.h"

#include <atomic>

namespace luthien::desktop {

/// What was answered, as the store has it. The reader thread ends before it does. Thread: GUI.
class StoreApprovals final : public ApprovalHistorySource
{
    Q_OBJECT

public:
    /// finder: reading may take long, since most decisions are none of a person's.
    explicit StoreApprovals(ReaderThread& finder, QObject* parent = nullptr);

    void load(const AnswersRequest& request) override;

private:
    ReaderThread& m_finder;
    std::atomic<quint64> m_newest = 0; ///< what belongs to an older one is not read any more
};

} // namespace luthien::desktop
