// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/live_calls_source.h"
#include "desktop/models/metrics_source.h"
#include "desktop/models/timeline_source.h"
#include "desktop/reader_thread.h"

#include <atomic>

namespace luthien::desktop {

/// What runs and what was done, as the store has it. They read long lists: the thread is not the one that reads what
/// is on screen. It ends before the sources do. Thread: GUI.

class StoreTimeline final : public TimelineSource
{
    Q_OBJECT

public:
    explicit StoreTimeline(ReaderThread& reader, QObject* parent = nullptr);

    void loadCalls(quint64 token, const std::string& session, std::optional<store::Cursor> from) override;
    void loadDecisions(quint64 token, const std::string& session, std::optional<store::Cursor> from) override;
    void loadCall(quint64 token, CallId call) override;

private:
    [[nodiscard]] bool isStale(quint64 token) const noexcept { return token < m_newestToken; }

    ReaderThread& m_reader;
    std::atomic<quint64> m_newestToken = 0; ///< what belongs to an older one is not read any more
};

class StoreLiveCalls final : public LiveCallsSource
{
    Q_OBJECT

public:
    explicit StoreLiveCalls(ReaderThread& reader, QObject* parent = nullptr);

    void loadOpen() override;

private:
    ReaderThread& m_reader;
};

class StoreMetrics final : public MetricsSource
{
    Q_OBJECT

public:
    explicit StoreMetrics(ReaderThread& reader, QObject* parent = nullptr);

    void loadActivity(const store::ActivityRequest& request) override;

private:
    ReaderThread& m_reader;
};

} // namespace luthien::desktop
