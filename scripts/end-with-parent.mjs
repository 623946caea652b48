// npm passes a signal on to its shell alone, and a shell that dies of it would leave our program running.
const parent = Number(process.env.KONEKSI_PARENT);
let told = false;

if (parent > 1 && process.platform !== 'win32') {
  setInterval(() => {
    if (told || process.ppid === parent) return;
    told = true;
    process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}
