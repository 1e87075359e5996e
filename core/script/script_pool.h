// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/metrics.h"
#include "policy/script_runner.h"
#include "script/schedule.h"

#include <filesystem>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace luthien::script {

/// Runs scripts in script hosts: child processes without files, network and much memory, that are killed when they do
/// not answer in time. None is there before the first script is. Thread: any; one of its own starts the hosts and
/// tells who asked.
class ScriptPool final : public policy::ScriptRunner
{
public:
    ScriptPool(std::filesystem::path program, Metrics& metrics, const Limits& limits = {});
    /// Ends the hosts; calls under way fail.
    ~ScriptPool() override;

    [[nodiscard]] Result<policy::ScriptOutline> check(const std::string& source) override;
    void run(policy::ScriptCall call, Done done) override;

    /// The processes there are, those that are about to end included.
    [[nodiscard]] std::vector<pid_t> processes();

private:
    void loop();
    void startHosts(std::unique_lock<std::mutex>& lock);
    void tellFinished(std::unique_lock<std::mutex>& lock);
    void waitForHosts(std::unique_lock<std::mutex>& lock);
    void wake() const;
    void armTimer(SteadyPoint due);

    const std::filesystem::path m_program;
    const int m_wake;  ///< eventfd
    const int m_timer; ///< timerfd
    std::mutex m_mutex;
    Schedule m_schedule;
    SteadyPoint m_armedFor = SteadyPoint::max();
    bool m_isStopping = false;
    std::thread m_thread;
};

/// The program of the script hosts that belongs to the running program: beside it, or in ../libexec/luthien.
[[nodiscard]] std::filesystem::path scriptHostProgram();

} // namespace luthien::script
