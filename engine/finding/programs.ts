/**
 * What programs are, by the name of their file in lower case, without '.exe' and a version at the end. Lists, not guesses: what stands in none of them
 * is a program that may well train.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Of the desktop: they draw, play and encode on a GPU. WDDM lists every one of them as a compute process. */
export const desktopPrograms = words(`
  x xorg xwayland xephyr gnome-shell gnome-session-binary gnome-remote-desktop-daemon gnome-control-center mutter mutter-x11-frames kwin_x11 kwin_wayland plasmashell ksplashqml sddm
  sddm-greeter gdm-x-session lightdm weston sway hyprland river wayfire labwc niri cosmic-comp picom compton compiz cinnamon muffin xfwm4 xfdesktop marco
  budgie-wm enlightenment xdg-desktop-portal-gnome xdg-desktop-portal-gtk xdg-desktop-portal-kde evince loupe eog nautilus dolphin rofi waybar polybar conky
  chrome chromium chromium-browse google-chrome firefox firefox-bin firefox-esr librewolf brave brave-browser msedge msedgewebview2 opera vivaldi
  vivaldi-bin webkitwebprocess webkitgpuprocess epiphany safari thunderbird zen zen-bin
  electron code code-insiders code-oss codium cursor windsurf zed zed-editor sublime_text pycharm idea slack discord teams ms-teams msteams spotify
  signal-desktop telegram-desktop whatsapp element-desktop obsidian notion zoom zoom.real skype onedrive wattrun
  alacritty kitty wezterm-gui ghostty gnome-terminal- konsole terminator windowsterminal
  steam steamwebhelper gameoverlayui gamescope lutris heroic wine wineserver wine64-preloader proton epicgameslauncher battle.net riotclientux lghub
  obs obs64 vlc mpv totem celluloid kodi kodi.bin ffmpeg ffplay gst-launch-1.0 handbrake ghb kdenlive shotcut resolve blender gimp krita darktable
  inkscape freecad unity godot unrealeditor loffice soffice.bin
  sunshine moonlight parsec parsecd rustdesk anydesk teamviewer xrdp vino-server nxnode.bin xvnc x11vnc
  dwm explorer csrss winlogon fontdrvhost shellexperiencehost shellhost startmenuexperiencehost searchhost searchapp searchui textinputhost
  applicationframehost systemsettings lockapp logonui taskmgr widgets widgetboard widgetservice phoneexperiencehost crossdeviceresume crossdeviceservice
  photos microsoft.photos video.ui calculatorapp winstore.app notepad mspaint snippingtool gamebar overlay controllercompanion 1password xboxpcapp xboxgamebarwidgets peopleexperiencehost
  backgroundtaskhost runtimebroker smartscreen securityhealthsystray mstsc windowsinternal.composableshell.experiences.textinput.inputapp`);

/** They look at GPUs or manage them. An MPS server stands for its clients, which the driver names too. */
export const gpuTools = words(`
  nvidia-smi nvtop nvitop gpustat btop nvidia-settings nvidia-persistenced nvidia-persiste nvidia-powerd nvidia-cuda-mps-server nvidia-cuda-mps
  nvidia-cuda-mps-control nv-hostengine dcgm-exporter dcgmi dcgmproftester11 dcgmproftester12 nvidia_gpu_exporter nvcontainer nvdisplay.container rocm-smi amd-smi xpu-smi`);

/** They answer questions with a model that is trained already. */
export const servers = words(`
  ollama ollama_llama_server llama-server llama-box koboldcpp lm-studio lmstudio localai local-ai vllm sglang tritonserver triton_python_backend_stub text-generation-launcher text-generation-server text-generation-router
  text-embeddings-router torchserve tensorflow_model_server lmdeploy xinference xinference-local tabby infinity_emb aphrodite mlc_llm mlc-llm bentoml
  vllm-serve trtllm-serve fastapi open-webui gunicorn uvicorn hypercorn streamlit whisper-server stable-diffusion sd-server frigate plexmediaserver plex jellyfin immich`);

/** Processes of a server that give themselves a title: 'VLLM::Worker_TP0', 'sglang::scheduler_TP1', 'ray::ServeReplica:app', and Ray's of vLLM. */
export const servingTitle = /^(vllm|sglang)::|^ray::(servereplica|rayworkerwrapper)\b/;

/** A worker of Ray Train's: the workers of one job are one training. */
export const rayTrainTitle = /^ray::_?raytrainworker/;

/** The beginnings of Python modules that serve. */
export const serverModules: readonly string[] = [
  'vllm.entrypoints',
  'vllm.serve',
  'sglang.launch_server',
  'sglang_router.launch_server',
  'text_generation_server',
  'llama_cpp.server',
  'fastchat.serve',
  'lmdeploy.serve',
  'mlc_llm.serve',
  'bentoml',
  'uvicorn',
  'gunicorn',
  'streamlit',
  'tritonserver',
  'ollama',
  'aphrodite.endpoints',
];

/** They start several processes of one training run. */
export const launchers = words(`
  torchrun accelerate accelerate-launch deepspeed horovodrun mpirun mpiexec mpiexec.hydra mpiexec.slurm hydra_pmi_proxy hydra_bstrap_proxy orterun orted
  prterun prted prte srun colossalai composer lightning fabric tune axolotl llamafactory-cli xtuner trl bmtrain torchx`);

/** They run one command and add something: an environment, priorities, a profile. */
export const wrappers = words(`
  env nohup nice ionice chrt time timeout stdbuf unbuffer numactl taskset setsid sudo doas strace ltrace perf nsys nsys-launcher ncu compute-sanitizer
  cuda-gdb gdb memray py-spy scalene kernprof viztracer uv uvx poetry pipenv pdm rye hatch pixi conda mamba micromamba apptainer singularity
  enroot catchsegv wattrun codecarbon zeusd caffeinate systemd-inhibit dotenv op xvfb-run`);

/** Modules that are launchers when Python runs them with -m. */
export const launcherModules: Readonly<Record<string, string>> = {
  'torch.distributed.run': 'torchrun',
  'torch.distributed.launch': 'torchrun',
  'torch.distributed.elastic.multiprocessing': 'torchrun',
  'accelerate.commands.launch': 'accelerate',
  'accelerate.commands.accelerate_cli': 'accelerate',
  'deepspeed.launcher.runner': 'deepspeed',
  'deepspeed.launcher.launch': 'deepspeed',
  'horovod.runner': 'horovodrun',
  'horovod.run': 'horovodrun',
  'colossalai.cli': 'colossalai',
  mpi4py: 'mpirun',
  'mpi4py.futures': 'mpirun',
  'paddle.distributed.launch': 'torchrun',
  cProfile: 'kernprof',
  scalene: 'scalene',
  memray: 'memray',
  viztracer: 'viztracer',
  pdb: 'pdb',
  debugpy: 'debugpy',
  coverage: 'coverage',
};

export const shells = words('sh bash dash zsh fish ksh mksh ash csh tcsh busybox pwsh nu xonsh');

/** What stands above a container's first process. */
export const containers = words('containerd-shim containerd-shim-runc-v2 conmon lxc-start docker-containe');

/** They start many runs, or live on after them: a run begins below them. Sessions, schedulers, containers, terminals, editors, workflow engines. */
export const sessions = words(`
  init systemd launchd tini dumb-init docker-init catatonit s6-svscan runit runsvdir supervisord pm2 sshd sshd-session dropbear mosh-server login getty agetty su
  tmux screen zellij byobu dtach abduco script expect emacs vim nvim cron crond anacron atd batch slurmd slurmstepd pbs_mom pbs_demux lsf res sge_execd condor_starter condor_startd flux-broker kubelet
  containerd containerd-shim containerd-shim-runc-v2 runc crun conmon podman dockerd docker buildkitd lxc-start
  jupyter jupyter-lab jupyter-labhub jupyter-notebook jupyter-server jupyterhub jupyterhub-singleuser jupyter-kernelgateway code-server node java
  ray raylet celery airflow prefect dagster luigi snakemake nextflow dvc guild wandb wandb-core clearml-agent clearml polyaxon metaflow kedro argo buildkite-agent
  gitlab-runner actions-runner runner.worker jenkins make ninja parallel xargs watch watchexec entr just`);

/** The file name of a program's path, in lower case, without '.exe' and without a version at the end: '/usr/bin/python3.11' is 'python'. */
export function programOf(path: string): string {
  const base = (path.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  return (
    /^-?(python|pypy|bash|zsh|julia|ipython)w?[\d.]*t?$/.exec(base)?.[1] ?? base.replace(/^-/, '').replace(/:$/, '')
  );
}

export const isPython = (program: string): boolean => program === 'python' || program === 'pypy';
