// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/problem.h"
#include "control/route.h"
#include "store/reader.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>

namespace luthien::control {

using OpenReader = std::function<Result<std::unique_ptr<store::Reader>>()>;
/// A JSON document, or why there is none.
using Answer = std::variant<std::string, Problem>;

/// What the store says to a route that asks for rows. Thread: the reader's.
[[nodiscard]] Answer queryStore(store::Reader& reader, const Route& route);

/// Asks the store on a thread of its own, so that a slow query stops no socket. Thread: any.
class StoreQueries
{
public:
    explicit StoreQueries(OpenReader open);
    /// Interrupts the running query; those waiting are dropped unanswered.
    ~StoreQueries();
    StoreQueries(const StoreQueries&) = delete;
    StoreQueries& operator=(const StoreQueries&) = delete;

    /// deliver is called on the query thread. False = too many are waiting; nothing will be delivered.
    [[nodiscard]] bool ask(Route route, std::function<void(Answer)> deliver);

private:
    struct Question
    {
        Route route;
        std::function<void(Answer)> deliver;
    };

    void run();
    [[nodiscard]] Answer answer(const Route& route);
    [[nodiscard]] Result<store::Reader*> reader();

    OpenReader m_open;
    std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_wake;
    std::deque<Question> m_questions;
    std::unique_ptr<store::Reader> m_reader; ///< made and used by the thread; interrupted by the destructor
    bool m_stops = false;
    std::thread m_thread;
};

} // namespace luthien::control
