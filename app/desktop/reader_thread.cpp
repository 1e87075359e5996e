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

std::uint64_t ReaderThread::post(Job job)
{
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(m_mutex);
        number = ++m_posted;
        m_jobs.push_back({.run = std::move(job), .number = number});
    }
    m_wake.notify_one();
    return number;
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

void ReaderThread::interrupt(std::uint64_t job)
{
    const std::lock_guard lock(m_mutex);
    if (m_reader != nullptr && job != 0 && m_running == job)
        m_reader->interrupt();
}

ReaderThread::PostedJob ReaderThread::next()
{
    std::unique_lock lock(m_mutex);
    m_running = 0;
    m_wake.wait(lock, [this] { return m_ending || !m_jobs.empty() || !m_screenJobs.empty(); });
    if (m_ending)
        return {};
    PostedJob job;
    if (!m_screenJobs.empty()) {
        job.run = std::move(m_screenJobs.back().run);
        m_screenJobs.pop_back();
    } else {
        job = std::move(m_jobs.front());
        m_jobs.pop_front();
    }
    m_running = job.number;
    return job;
}

void ReaderThread::work()
{
    std::unique_ptr<store::Reader> reader;
    while (true) {
        const PostedJob job = next();
        if (!job.run)
            break;
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
        job.run(usable);
    }
    const std::lock_guard lock(m_mutex);
    m_reader = nullptr;
}

} // namespace luthien::desktop
