// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/policy_history_source.h"
#include "desktop/reader_thread.h"

namespace luthien::desktop {

/// The history of policies as the store has it. The reader thread ends before it does. Thread: GUI.
class StorePolicyHistory final : public PolicyHistorySource
{
    Q_OBJECT

public:
    explicit StorePolicyHistory(ReaderThread& reader, QObject* parent = nullptr);

    void load(const std::string& policyId) override;

private:
    ReaderThread& m_reader;
};

} // namespace luthien::desktop
