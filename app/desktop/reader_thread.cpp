// SPDX-License-Identifier: Apache-2.0
#include "desktop/reader_thread.h"

#include "base/logging.h"

#include <QThread>

#include <utility>

namespace luthien::desktop {

namespace {
// Pages scrolled past before they were read are of no use to anybody.
constexpr std::size_t kScreenJobs = 4;
} // namespace

ReaderThread::ReaderThread(Open open)
    : m_open(std::move(open))
    , m_thread(QThread::create([this] { work(); }))
{
    m_thread->setObjectName(QStringLiteral("reader"));
    m_thread->start();
}

ReaderThread::~ReaderThread()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
        if (m_reader != nullptr)
            m_reader->interrupt();
    }
    m_wake.notify_one();
    m_thread->wait();
}

void ReaderThread::post(Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_wake.notify_one();
}

void ReaderThread::postForScreen(Job job, std::function<void()> dropped)
{
    std::function<void()> gone;
    {
        const std::lock_guard lock(m_mutex);
        m_screenJobs.push_back({.run = std::move(job), .dropped = std::move(dropped)});
        if (m_screenJobs.size() > kScreenJobs) {
            gone = std::move(m_screenJobs.front().dropped);
            m_screenJobs.pop_front();
        }
    }
    m_wake.notify_one();
    if (gone)
        gone();
}

ReaderThread::Job ReaderThread::next()
{
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this] { return m_ending || !m_jobs.empty() || !m_screenJobs.empty(); });
    if (m_ending)
        return {};
    Job job;
    if (!m_screenJobs.empty()) {
        job = std::move(m_screenJobs.back().run);
        m_screenJobs.pop_back();
    } else {
        job = std::move(m_jobs.front());
        m_jobs.pop_front();
    }
    return job;
}

void ReaderThread::work()
{
    std::unique_ptr<store::Reader> reader;
    while (const Job job = next()) {
        Result<store::Reader*> usable = Error{.code = ErrorCode::Unavailable};
        if (!reader) {
            auto opened = m_open();
            if (opened) {
                reader = *std::move(opened);
                const std::lock_guard lock(m_mutex);
                m_reader = reader.get();
            } else {
                usable = opened.error();
                qCWarning(lcDesktop, "cannot read the store: %s", opened.error().toString().c_str());
            }
        }
        if (reader)
            usable = reader.get();
        job(usable);
    }
    const std::lock_guard lock(m_mutex);
    m_reader = nullptr;
}

} // namespace luthien::desktop
